"""The county by whose code federal statistics of counties are asked for."""

from typing import Final

from brightspot.locations.collectors.live.errors import SourceSilent
from brightspot.locations.place import Place

_CONNECTICUT: Final = 9
_LAST_STATE: Final = 56
_PUERTO_RICO: Final = 72


def county_of(place: Place) -> tuple[int, int]:
    """FIPS codes of state and county. Raises SourceSilent where there is none that every publisher means alike."""
    if place.county_fips is None:
        raise SourceSilent("the county is unknown")
    state, county = divmod(place.county_fips, 1000)
    if state > 999 or state == _CONNECTICUT:  # noqa: PLR2004  # the dataset's pairs of a region and a former county
        raise SourceSilent("Connecticut's places are known by a former county and a planning region, not by one county")
    if state > _LAST_STATE and state != _PUERTO_RICO:
        raise SourceSilent("it covers the states, the District of Columbia and Puerto Rico")
    return state, county
