"""OpenStreetMap by the Overpass API: child care, schools, parks and transit stops near a site."""

from collections.abc import Sequence
from typing import Final

import msgspec

from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.source import Ask, Embedded, Found, LiveSource, Request, decoded
from brightspot.locations.collectors.live.supply import CATCHMENT_MILES, Provider, desert, two_step_access
from brightspot.locations.collectors.seam import Site
from brightspot.locations.dataset.geo import haversine_miles
from brightspot.ratelimit import Limit

_METRES_PER_MILE: Final = 1609.344
_SAME_SITE_MILES: Final = 0.1
_COUNTED: Final = (
    '(nwr["amenity"="school"]{near};)',
    '(nwr["leisure"~"^(park|playground)$"]{near};)',
    '(nwr["highway"="bus_stop"]{near};nwr["railway"~"^(station|halt|tram_stop)$"]{near};)',
)

FACTS: Final = Facts(
    id="overpass",
    name="OpenStreetMap, by the Overpass API",
    licence="ODbL 1.0",
    credit="© OpenStreetMap contributors, openstreetmap.org/copyright",
    terms=(
        "The public server asks for fewer than 10,000 requests a day, gives two at a time to one address, and is not "
        "meant to carry an application alone: run one's own for more. A database made from its answers is under ODbL."
    ),
    url="https://overpass-api.de/api",
    gives={
        "childcare_centers": "providers",
        "nearest_childcare_miles": "miles",
        "childcare_desert": "1 or 0",
        "childcare_access_2sfca": "providers per 1000 children under 5",
        "schools": "schools",
        "parks": "parks",
        "transit_stops": "stops",
    },
    limits=(Limit(2, 2), Limit(9_000, 86_400, "gcra")),
    timeout_seconds=10.0,
    fresh_hours=168.0,
    stale_hours=720.0,
)


class Around(msgspec.Struct, frozen=True):
    """What the map has round a point, at `time`."""

    time: str
    providers: list[Provider]
    schools: int
    parks: int
    stops: int


class _Position(msgspec.Struct, frozen=True):
    lat: float
    lon: float


class _Element(msgspec.Struct, frozen=True):
    """A node (`lat`, `lon`), a way or relation (`center`), or the count of a set (`tags.total`)."""

    type: str
    lat: float | None = None
    lon: float | None = None
    center: _Position | None = None
    tags: dict[str, str] = msgspec.field(default_factory=dict)


class _Base(msgspec.Struct, frozen=True):
    timestamp_osm_base: str


class _Answer(msgspec.Struct, frozen=True):
    osm3s: _Base
    elements: list[_Element]
    remark: str = ""


def _query(site: Site) -> Request:
    lat, lon = round(site.place.lat, 4), round(site.place.lon, 4)

    def near(miles: float) -> str:
        return f"(around:{round(miles * _METRES_PER_MILE)},{lat},{lon})"

    care = f'nwr["amenity"~"^(childcare|kindergarten)$"]{near(max(site.radius_miles, CATCHMENT_MILES))};out center;'
    counts = "".join(f"{each.format(near=near(site.radius_miles))};out count;" for each in _COUNTED)
    return Request("/interpreter", form={"data": f"[out:json][timeout:8];{care}{counts}"})


def read(body: bytes, ask: Ask) -> Around:  # noqa: ARG001  # one answer says it all
    """What the map has. Raises SourceFailed; a query that ran out of time is answered like one that found nothing."""
    answer = decoded(body, _Answer)
    if answer.remark.startswith("runtime error"):
        raise SourceFailed(f"it gave up ({answer.remark[:100]})", again=0.0)
    counts = [_total(each) for each in answer.elements if each.type == "count"]
    if len(counts) != len(_COUNTED):
        raise SourceFailed(f"its answer is not what it should be ({len(counts)} counts)")
    providers = [_provider(each) for each in answer.elements if each.type != "count"]
    return Around(answer.osm3s.timestamp_osm_base, _distinct(providers), *counts)


def _total(element: _Element) -> int:
    total = element.tags.get("total", "")
    if not (total.isascii() and total.isdigit()):
        raise SourceFailed(f"its answer is not what it should be (a count of {total[:20]!r})")
    return int(total)


def _provider(element: _Element) -> Provider:
    at = element.center
    if at is None and element.lat is not None and element.lon is not None:
        at = _Position(element.lat, element.lon)
    if at is None or abs(at.lat) > 90 or abs(at.lon) > 180:  # noqa: PLR2004  # degrees
        raise SourceFailed("its answer is not what it should be (a place without a position)")
    capacity = element.tags.get("capacity", "")
    known = int(capacity) if capacity.isascii() and capacity.isdigit() and len(capacity) < 6 else None  # noqa: PLR2004
    return Provider(at.lat, at.lon, element.tags.get("name", ""), known)


def _distinct(providers: list[Provider]) -> list[Provider]:
    """One of those that share a name and a site: a building and a point in it are often mapped both."""
    kept: list[Provider] = []
    for each in providers:
        if not any(
            each.name and each.name.casefold() == other.name.casefold() and _together(each, other) for other in kept
        ):
            kept.append(each)
    return kept


def _together(one: Provider, other: Provider) -> bool:
    return haversine_miles(one.lat, one.lon, other.lat, other.lon) <= _SAME_SITE_MILES


def _found(around: Around, site: Site, embedded: Embedded) -> Sequence[Found]:
    place, time = site.place, around.time
    miles = [(haversine_miles(place.lat, place.lon, each.lat, each.lon), each) for each in around.providers]
    near = [distance for distance, _ in miles if distance <= site.radius_miles]
    nearest = round(min(near), 2) if near else None
    none = f"no provider is on the map within {site.radius_miles:g} miles"
    return [
        Found("childcare_centers", len(near), time),
        Found("nearest_childcare_miles", nearest, time, reason=None if near else none),
        *_supply([each for distance, each in miles if distance <= CATCHMENT_MILES], site, embedded, time),
        Found("schools", around.schools, time),
        Found("parks", around.parks, time),
        Found("transit_stops", around.stops, time),
    ]


def _supply(providers: list[Provider], site: Site, embedded: Embedded, time: str) -> list[Found]:
    positions = [(site.place.lat, site.place.lon), *((each.lat, each.lon) for each in providers)]
    here, *there = embedded.catchments.counts_round("children_under_5", positions, CATCHMENT_MILES)
    verdict, access = desert(here, providers), two_step_access(there)
    unknown = "insufficient: the number of children under 5 round a provider is unknown"
    return [
        Found(
            "childcare_desert",
            None if verdict.desert is None else float(verdict.desert),
            time,
            kind="estimated",
            label=verdict.because,
            reason=verdict.because if verdict.desert is None else None,
        ),
        Found(
            "childcare_access_2sfca",
            None if access is None else round(access, 3),
            time,
            kind="estimated",
            reason=unknown if access is None else None,
        ),
    ]


SOURCE: Final = LiveSource(FACTS, Around, _query, read, _found)
