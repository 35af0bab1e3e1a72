"""Connecticut, whose eight counties gave way to nine planning regions in 2022: which publisher uses which.

PEP and ACS to 2022 know the counties, QCEW 2025 the regions, and OEWS May 2025 builds its areas from the regions.
The 169 towns and their regions are those of the Census Bureau's notice 87 FR 34235 of 6 June 2022.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from brightspot.locations.addresses.city_names import city_key
from dataset.catalogue import rows

STATE_FIPS: Final = 9
_PAIR: Final = 9_000_000


@dataclass(frozen=True, slots=True)
class Region:
    """A planning region: its number within the state (110 to 190), and the OEWS area that its towns belong to."""

    number: int
    name: str
    oews_area: int

    @property
    def fips(self) -> int:
        return STATE_FIPS * 1000 + self.number


@cache
def regions() -> dict[int, Region]:
    """The nine regions by number."""
    read = (Region(int(row["region"]), row["name"], int(row["oews_area"])) for row in rows("connecticut_regions"))
    return {region.number: region for region in read}


@cache
def towns() -> dict[str, int]:
    """The region's number by town, the town's name in normal form."""
    return {
        city_key(town): int(row["region"]) for row in rows("connecticut_regions") for town in row["towns"].split("|")
    }


def region_of(city: str) -> Region:
    """The planning region of a town, or of a post office named after a village of one; KeyError when it is neither."""
    key = city_key(city)
    return regions()[towns()[_villages().get(key, key)]]


def pair_fips(region: Region, county: int) -> int:
    """The key of the part of an old county (its FIPS code) that lies in a region, so that a ZIP needs one key only."""
    return _PAIR + region.number * 1000 + county % 1000


def split_pair(fips: int) -> tuple[int, int] | None:
    """(old county, planning region), both as FIPS codes, of a pair's key; None for any other county."""
    if fips < _PAIR:
        return None
    number, county = divmod(fips - _PAIR, 1000)
    return STATE_FIPS * 1000 + county, regions()[number].fips


@cache
def _villages() -> dict[str, str]:
    return {city_key(row["place"]): city_key(row["town"]) for row in rows("connecticut_places")}
