"""USGS earthquake catalogue: how many felt earthquakes a region has had since 1976, and the strongest of them."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import msgspec

from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.source import Ask, Found, LiveSource, Request, as_read, decoded
from brightspot.locations.collectors.seam import Site
from brightspot.ratelimit import Limit

_SINCE: Final = "1976-01-01"  # a fixed day: a window that rolls would make every day another question
_LEAST_MAGNITUDE: Final = 3.0
_STRONGEST_EVER: Final = 10.0
_VINTAGE: Final = f"since {_SINCE}"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

FACTS: Final = Facts(
    id="usgs",
    name="Earthquake catalogue (ComCat), US Geological Survey",
    licence="Public domain (US government)",
    credit="Data courtesy of the U.S. Geological Survey",
    terms=(
        "No key and no published limit; 5 a second is ours. Its feeds, which it prefers programs to use, reach back 30 "
        "days only."
    ),
    url="https://earthquake.usgs.gov/fdsnws/event/1",
    gives={
        "earthquakes_since_1976": "earthquakes of magnitude 3 or more within 100 km",
        "strongest_earthquake_since_1976": "magnitude",
    },
    limits=(Limit(5, 1),),
    fresh_hours=24.0,
    stale_hours=720.0,
)


class _Count(msgspec.Struct, frozen=True):
    count: Annotated[int, msgspec.Meta(ge=0)]


class _Event(msgspec.Struct, frozen=True):
    """`time` is in milliseconds since 1970."""

    mag: float | None
    place: str | None = None
    time: int | None = None


class _Feature(msgspec.Struct, frozen=True):
    properties: _Event


class _Events(msgspec.Struct, frozen=True):
    features: list[_Feature]


def _query(site: Site) -> Request:
    """A count: in California the list of all would be larger than any answer we take."""
    asked = {
        "format": "geojson",
        "latitude": f"{site.place.lat:.2f}",
        "longitude": f"{site.place.lon:.2f}",
        "maxradiuskm": "100",
        "minmagnitude": f"{_LEAST_MAGNITUDE:g}",
        "starttime": _SINCE,
        "eventtype": "earthquake",
    }
    return Request("/count", asked)


def read(body: bytes, ask: Ask) -> list[Found]:
    """The number, and the strongest one where there is any. Raises SourceFailed."""
    count = decoded(body, _Count).count
    return [Found("earthquakes_since_1976", count, _VINTAGE), _strongest(ask) if count else _none()]


def _strongest(ask: Ask) -> Found:
    body = ask(Request("/query", {**(ask.first.query or {}), "orderby": "magnitude", "limit": "1"}))
    events = [each.properties for each in decoded(body, _Events).features]
    known = [(each.mag, each) for each in events if each.mag is not None]
    if not known:
        return _none("the catalogue has no magnitude for it" if events else "the catalogue counts some and lists none")
    magnitude, event = max(known, key=lambda each: each[0])
    if not _LEAST_MAGNITUDE <= magnitude <= _STRONGEST_EVER:
        raise SourceFailed(f"its answer is not what it should be (a magnitude of {magnitude:g})")
    label = ", ".join(filter(None, (event.place, _day(event.time)))) or None
    return Found("strongest_earthquake_since_1976", magnitude, _VINTAGE, label=label)


def _none(reason: str = "no earthquake of magnitude 3 or more is in the catalogue within 100 km") -> Found:
    return Found("strongest_earthquake_since_1976", None, _VINTAGE, reason=reason)


def _day(milliseconds: int | None) -> str | None:
    """The day (UTC); None for a time that is none."""
    if milliseconds is None:
        return None
    try:
        return (_EPOCH + timedelta(milliseconds=milliseconds)).date().isoformat()
    except OverflowError:
        return None


SOURCE: Final = LiveSource(FACTS, list[Found], _query, read, as_read)
