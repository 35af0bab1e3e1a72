"""Open-Meteo: the air at a site now, by the Copernicus atmosphere model, and the site's elevation."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.source import Ask, Embedded, Found, LiveSource, Request, decoded
from brightspot.locations.collectors.seam import Site
from brightspot.ratelimit import Limit

_FEET_PER_METRE: Final = 1 / 0.3048
_MOST_METRES: Final = 9_000.0
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
# Upper ends of the categories of the Air Quality Index: 40 CFR part 58, appendix G, table 1.
_CATEGORIES: Final = (
    (50, "Good"),
    (100, "Moderate"),
    (150, "Unhealthy for Sensitive Groups"),
    (200, "Unhealthy"),
    (300, "Very Unhealthy"),
)
_WORST: Final = "Hazardous"
_TERRAIN: Final = "Copernicus DEM GLO-90"

FACTS: Final = Facts(
    id="open_meteo",
    name="Open-Meteo Air Quality API",
    licence="CC BY 4.0",
    credit="Weather data by Open-Meteo.com; contains Copernicus Atmosphere Monitoring Service information",
    terms=(
        "The free service is for NON-COMMERCIAL use only, and allows about 600 calls a minute, 5,000 an hour and "
        "10,000 a day. For anything else take out a plan with its provider (LIVE_OPEN_METEO_URL and "
        "LIVE_OPEN_METEO_KEY), or run its software oneself."
    ),
    url="https://air-quality-api.open-meteo.com/v1",
    gives={"air_quality_index_now": "US AQI", "pm2_5_now": "µg/m³", "elevation_feet": "feet"},
    limits=(Limit(600, 60), Limit(5_000, 3_600), Limit(10_000, 86_400)),
    timeout_seconds=5.0,
    fresh_hours=1.0,
    stale_hours=5.0,
    key_parameter="apikey",
    key_optional=True,
)


class Air(msgspec.Struct, frozen=True):
    """The air at `time` (UTC): the index, micrograms of fine particles per cubic metre; metres above the sea."""

    time: str
    index: float | None
    particles: float | None
    metres: float | None


class _Current(msgspec.Struct, frozen=True):
    time: str
    us_aqi: float | None = None
    pm2_5: float | None = None


class _Answer(msgspec.Struct, frozen=True):
    """What is told, or `error` and its `reason`."""

    current: _Current | None = None
    utc_offset_seconds: int = 0
    elevation: float | None = None
    error: bool = False
    reason: str = ""


def _query(site: Site) -> Request:
    # Its terrain model has a point every 90 metres, a thousandth of a degree; neighbours within it share a copy.
    where = {"latitude": f"{site.place.lat:.3f}", "longitude": f"{site.place.lon:.3f}"}
    return Request("/air-quality", {**where, "current": "us_aqi,pm2_5", "timezone": "GMT"})


def read(body: bytes, ask: Ask) -> Air:  # noqa: ARG001  # one answer says it all
    """The air now; what the answer leaves out is None. Raises SourceFailed."""
    answer = decoded(body, _Answer)
    if answer.error:
        raise SourceFailed(f"it refused ({answer.reason[:100] or 'without a reason'})")
    if answer.current is None:
        raise SourceFailed("its answer is not what it should be (nothing about now)")
    for value in (answer.current.us_aqi, answer.current.pm2_5):
        if value is not None and not 0 <= value < float("inf"):
            raise SourceFailed(f"its answer is not what it should be (air of {value:g})")
    if answer.elevation is not None and not abs(answer.elevation) < _MOST_METRES:
        raise SourceFailed(f"its answer is not what it should be (an elevation of {answer.elevation:g})")
    time = _utc(answer.current.time, answer.utc_offset_seconds)
    return Air(time, answer.current.us_aqi, answer.current.pm2_5, answer.elevation)


def _utc(time: str, offset_seconds: int) -> str:
    """The time of an answer, which names no zone, as "2026-11-21T14:00Z"."""
    if offset_seconds or not _TIME.fullmatch(time):
        raise SourceFailed(f"its answer is not what it should be (a time of {time[:30]!r}, {offset_seconds} s off)")
    return f"{time}Z"


def category(index: float) -> str:
    """EPA's name for a value of the Air Quality Index, 0 and up."""
    return next((name for most, name in _CATEGORIES if round(index) <= most), _WORST)


def _found(air: Air, site: Site, embedded: Embedded) -> Sequence[Found]:  # noqa: ARG001  # as read
    # A cell of the model is as large as a county.
    feet = None if air.metres is None else round(air.metres * _FEET_PER_METRE)
    return [
        Found(
            "air_quality_index_now",
            air.index,
            air.time,
            "county",
            "estimated",
            label=None if air.index is None else category(air.index),
            reason=_unless(air.index, "it tells no index for this place now"),
        ),
        Found(
            "pm2_5_now",
            air.particles,
            air.time,
            "county",
            "estimated",
            reason=_unless(air.particles, "it tells no fine particles for this place now"),
        ),
        Found(
            "elevation_feet",
            feet,
            _TERRAIN,
            kind="estimated",
            reason=_unless(feet, "its answer states no elevation"),
        ),
    ]


def _unless(value: float | None, reason: str) -> str | None:
    return reason if value is None else None


SOURCE: Final = LiveSource(FACTS, Air, _query, read, _found)
