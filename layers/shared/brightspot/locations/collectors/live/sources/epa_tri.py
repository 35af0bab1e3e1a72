"""EPA's Toxics Release Inventory: which facilities of a site's ZIP are on it, and how far the nearest of them is."""

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from brightspot.locations.collectors.live.errors import SourceFailed, SourceSilent
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.source import Ask, Embedded, Found, LiveSource, Request, decoded
from brightspot.locations.collectors.seam import Site
from brightspot.locations.dataset.geo import haversine_miles
from brightspot.locations.place import Place
from brightspot.ratelimit import Limit

_ROWS: Final = 1_000
_CLOSED: Final = frozenset({"1", "Y"})
_MOST_LATITUDE: Final = 90
_MOST_LONGITUDE: Final = 180
_FARTHEST_MILES: Final = 100.0  # no ZIP reaches farther: a facility beyond it has another one's position
_VINTAGE: Final = "current register"

FACTS: Final = Facts(
    id="epa_tri",
    name="Toxics Release Inventory facilities, EPA Envirofacts",
    licence="Public domain (US government)",
    credit="US Environmental Protection Agency, Toxics Release Inventory",
    terms="No key and no published limit; 5 a second is ours. It can be slow.",
    url="https://data.epa.gov/efservice",
    gives={"toxic_release_facilities": "facilities", "nearest_toxic_release_facility_miles": "miles"},
    limits=(Limit(5, 1),),
    timeout_seconds=10.0,
    fresh_hours=720.0,
    stale_hours=1440.0,
)


class Facility(msgspec.Struct, frozen=True):
    """A facility that is not marked closed: degrees, None where the register has no position that can be one."""

    name: str
    lat: float | None
    lon: float | None


class Register(msgspec.Struct, frozen=True):
    """The facilities of a ZIP; `more` when there may be more than were told."""

    facilities: list[Facility]
    more: bool


def _zip(place: Place) -> str | None:
    """A ZIP of boxes has no facility; the ZIP whose figures describe it stands in."""
    if place.precision != "po_box_zip":
        return place.zip
    return None if place.data_zip is None else f"{place.data_zip:05d}"


def _query(site: Site) -> Request:
    asked = _zip(site.place)
    if asked is None:
        raise SourceSilent("the place has no ZIP with an area")
    return Request(f"/tri_facility/zip_code/=/{asked}/rows/0:{_ROWS - 1}/JSON")


def read(body: bytes, ask: Ask) -> Register:  # noqa: ARG001  # no ZIP has as many facilities as one answer holds
    """The register's facilities, each once; none is an answer too. Raises SourceFailed."""
    rows = [{name.lower(): value for name, value in row.items()} for row in decoded(body, list[dict[str, Any]])]
    facilities = {_id(row): _facility(row) for row in rows if str(row.get("fac_closed_ind")).strip() not in _CLOSED}
    # Whether the last row asked for is told too is not documented, so one row less may be all there is room for.
    return Register(list(facilities.values()), more=len(rows) >= _ROWS - 1)


def _id(row: dict[str, Any]) -> str:
    known = row.get("tri_facility_id")
    if not isinstance(known, str) or not known.strip():
        raise SourceFailed("its answer is not what it should be (a facility without an id)")
    return known.strip()


def _facility(row: dict[str, Any]) -> Facility:
    name = row.get("facility_name")
    lat = degrees(row.get("fac_latitude"), _MOST_LATITUDE)
    lon = degrees(row.get("fac_longitude"), _MOST_LONGITUDE)
    known = name.strip() if isinstance(name, str) else ""
    return Facility(known, None, None) if lat is None or lon is None else Facility(known, lat, -lon)


def degrees(told: object, most: int) -> float | None:
    """Degrees of an integer DDMMSS, as 414905 for 41° 49' 05"; None for 0 and whatever is no such thing.

    Longitudes are west of Greenwich and have no sign. Numbers come as such or as text.
    """
    text = str(told).strip()
    if isinstance(told, bool) or not (text.isascii() and text.isdigit() and len(text) < 9):  # noqa: PLR2004  # 0DDDMMSS
        return None
    rest, seconds = divmod(int(text), 100)
    whole, minutes = divmod(rest, 100)
    value = whole + minutes / 60 + seconds / 3600
    return value if minutes < 60 and seconds < 60 and 0 < value <= most else None  # noqa: PLR2004  # sexagesimal


def _found(register: Register, site: Site, embedded: Embedded) -> Sequence[Found]:  # noqa: ARG001  # as read
    place, many = site.place, len(register.facilities)
    kind: Literal["observed", "estimated"] = "observed" if _zip(place) == place.zip else "estimated"
    bound: Literal["at_least"] | None = "at_least" if register.more else None
    return [
        Found("toxic_release_facilities", many, _VINTAGE, "zip", kind, bound),
        _nearest(register.facilities, place),
    ]


def _nearest(facilities: list[Facility], place: Place) -> Found:
    """At most as far as told: the facilities of neighbouring ZIPs were not asked for."""
    point = "nearest_toxic_release_facility_miles"
    many = len(facilities)
    located = [
        (miles, each.name or "unnamed")
        for each in facilities
        if each.lat is not None
        and each.lon is not None
        and (miles := haversine_miles(place.lat, place.lon, each.lat, each.lon)) <= _FARTHEST_MILES
    ]
    if not located:
        none = f"none of the ZIP's {many} facilities has a usable position" if many else "the ZIP has no such facility"
        return Found(point, None, _VINTAGE, kind="derived", reason=f"{none}; other ZIPs were not asked for")
    miles, name = min(located)
    lost = many - len(located)
    label = f"{name} ({lost} of {many} have no usable position)" if lost else name
    return Found(point, round(miles, 2), _VINTAGE, kind="derived", bound="at_most", label=label)


SOURCE: Final = LiveSource(FACTS, Register, _query, read, _found)
