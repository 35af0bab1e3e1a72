"""The point of a street address, by a live geocoder, in place of the middle of its ZIP or city."""

from dataclasses import replace
from typing import Final

from brightspot.locations.addresses.errors import AddressError
from brightspot.locations.collectors.bounds import Bounds
from brightspot.locations.collectors.live.registry import LiveSources
from brightspot.locations.collectors.live.sources.census_geocoder import Spot
from brightspot.locations.collectors.live.told import Told
from brightspot.locations.collectors.seam import Site
from brightspot.locations.dataset.geo import haversine_miles
from brightspot.locations.gazetteer.locate import Gazetteer
from brightspot.locations.gazetteer.notes import STREET_UNKNOWN
from brightspot.locations.place import Place

GEOCODER: Final = "census_geocoder"
# Addresses are interpolated along their street's range; most are within a block. A judgement, not a measurement.
STREET_UNCERTAINTY_MILES: Final = 0.1
_SAME_SPOT_MILES: Final = 0.25
_ZIPS_ARE_LONG: Final = 2.0  # a ZIP's edge may be this many reaches from its middle,
_EDGE_MILES: Final = 5.0  # and an address be written with the ZIP next door


def pinpointed(place: Place, live: LiveSources, gazetteer: Gazetteer, bounds: Bounds) -> tuple[Place, dict[str, Told]]:
    """The place at its street, and what came of asking; at the middle of its ZIP or city, with a note, if that failed.

    A place without a street is returned as it is, and nobody asked.
    """
    errand = None if place.street is None else live.errand(GEOCODER, Site(place, 0.0), bounds)
    if errand is None:
        return place, {}
    errand.start()
    told = errand.told()
    if told.called is not None:
        bounds.breakers.report(None, {GEOCODER: told.called})
    return _at_the_street(place, told, gazetteer), {GEOCODER: told}


def _at_the_street(place: Place, told: Told, gazetteer: Gazetteer) -> Place:
    if told.value is None:
        return _noted(place, f"The Census geocoder was asked for the street in vain: {told.reason}.")
    spots: list[Spot] = [each for each in told.value if each.state == place.state]
    if not spots:
        return _noted(place, "The Census geocoder does not find this street.")
    if any(_miles(spots[0], each) > _SAME_SPOT_MILES for each in spots):
        return _noted(place, f"The Census geocoder finds {len(spots)} such streets, so none is taken: send the ZIP.")
    spot = spots[0]
    around = _around(place, spot, gazetteer)
    miles = haversine_miles(around.lat, around.lon, spot.lat, spot.lon)
    if spot.zip != around.zip and miles > _ZIPS_ARE_LONG * around.uncertainty_miles + _EDGE_MILES:
        return _noted(
            place, f"The Census geocoder finds the street {miles:.0f} miles away, in {spot.zip}: check the ZIP."
        )
    notes = [each for each in place.notes if not each.startswith(STREET_UNKNOWN)]
    notes.append(f"The position is the Census geocoder's, interpolated along the street: {spot.address}.")
    return replace(
        around,
        lat=round(spot.lat, 6),
        lon=round(spot.lon, 6),
        precision="street",
        uncertainty_miles=STREET_UNCERTAINTY_MILES,
        alternatives=(),
        notes=tuple(notes),
        normal_form=place.normal_form,
        street=place.street,
    )


def _around(place: Place, spot: Spot, gazetteer: Gazetteer) -> Place:
    """The ZIP that describes the street: the caller's own, else the one that the geocoder found."""
    if place.precision != "city_centroid" or spot.zip == place.zip:
        return place
    try:
        return gazetteer.locate(f"{place.city}, {place.state} {spot.zip}")
    except AddressError:
        return place


def _noted(place: Place, note: str) -> Place:
    return replace(place, notes=(*place.notes, note))


def _miles(one: Spot, other: Spot) -> float:
    return haversine_miles(one.lat, one.lon, other.lat, other.lon)
