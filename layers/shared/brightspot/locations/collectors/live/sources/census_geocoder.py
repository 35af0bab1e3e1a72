"""The Census Bureau's geocoder: where a street address is, by interpolation along address ranges of its street."""

from collections.abc import Sequence
from typing import Final

import msgspec

from brightspot.locations.collectors.live.errors import SourceFailed, SourceSilent
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.source import Ask, Embedded, Found, LiveSource, Request, decoded
from brightspot.locations.collectors.seam import Site
from brightspot.ratelimit import Limit

_MOST_LATITUDE: Final = 90.0
_MOST_LONGITUDE: Final = 180.0

FACTS: Final = Facts(
    id="census_geocoder",
    name="Census Geocoder (TIGER address ranges)",
    licence="Public domain (US government)",
    credit="US Census Bureau, Geocoding Services",
    terms="No key and no published limit; 10 a second is ours. Its answer is cached for 30 days.",
    url="https://geocoding.geo.census.gov/geocoder",
    gives={},
    limits=(Limit(10, 1),),
    timeout_seconds=5.0,
    fresh_hours=720.0,
    stale_hours=1440.0,
)


class Spot(msgspec.Struct, frozen=True):
    """A match: degrees (NAD 83, within two metres of WGS 84), and the address that it is of."""

    lat: float
    lon: float
    address: str
    state: str
    zip: str


class _Coordinates(msgspec.Struct, frozen=True):
    x: float
    y: float


class _Components(msgspec.Struct, frozen=True):
    state: str
    zip: str


class _Match(msgspec.Struct, frozen=True, rename="camel"):
    matched_address: str
    coordinates: _Coordinates
    address_components: _Components


class _Result(msgspec.Struct, frozen=True, rename="camel"):
    address_matches: list[_Match]


class _Answer(msgspec.Struct, frozen=True):
    result: _Result


def _query(site: Site) -> Request:
    place = site.place
    if place.street is None:
        raise SourceSilent("the address has no street")
    asked = {"street": place.street, "city": place.city, "state": place.state, "zip": place.zip or ""}
    if place.precision == "city_centroid":
        del asked["zip"]  # it is our guess, not the caller's word
    return Request("/locations/address", {**asked, "benchmark": "Public_AR_Current", "format": "json"})


def read(body: bytes, ask: Ask) -> list[Spot]:  # noqa: ARG001  # one answer says it all
    """Every match; none is an answer too. Raises SourceFailed."""
    matches = decoded(body, _Answer).result.address_matches
    return [_spot(each) for each in matches]


def _spot(match: _Match) -> Spot:
    lat, lon = match.coordinates.y, match.coordinates.x
    if abs(lat) > _MOST_LATITUDE or abs(lon) > _MOST_LONGITUDE:
        raise SourceFailed(f"it puts {match.matched_address[:60]!r} at {lat:g}, {lon:g}")
    return Spot(lat, lon, match.matched_address, match.address_components.state, match.address_components.zip)


def _found(spots: list[Spot], site: Site, embedded: Embedded) -> Sequence[Found]:  # noqa: ARG001  # no points
    return ()


SOURCE: Final = LiveSource(FACTS, list[Spot], _query, read, _found)
