"""National Weather Service: the alerts in force at a place, and the next day's forecast. Weather now, not climate."""

from typing import Annotated, Final, Literal

import msgspec

from brightspot.locations.collectors.live.errors import SourceSilent
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.source import Ask, Found, LiveSource, Request, as_read, decoded
from brightspot.locations.collectors.seam import Site
from brightspot.ratelimit import Limit

_POINTS: Final = "/points/"
_SEVERITIES: Final = ("Extreme", "Severe", "Moderate", "Minor")
_URGENCIES: Final = ("Immediate", "Expected", "Future", "Past")

FACTS: Final = Facts(
    id="nws",
    name="National Weather Service API",
    licence="Public domain (US government)",
    credit="NOAA, National Weather Service, weather.gov",
    terms=(
        "No key; it wants to know who asks: set LIVE_CONTACT. Its limit is not published; 10 a second is "
        "ours, and one analysis asks 3 times. Alerts are as of their time: nobody's safety may hang on an old answer."
    ),
    url="https://api.weather.gov",
    gives={"active_weather_alerts": "alerts", "forecast_high_temperature": "degF"},
    limits=(Limit(10, 1),),
    fresh_hours=0.5,
    stale_hours=3.0,
    media=("json",),  # application/geo+json
    silent={404: "the National Weather Service does not cover this place"},
)

_Cell = Annotated[int, msgspec.Meta(ge=0, le=9999)]


class _Grid(msgspec.Struct, frozen=True, rename="camel"):
    grid_id: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")] | None
    grid_x: _Cell | None
    grid_y: _Cell | None


class _Point(msgspec.Struct, frozen=True):
    properties: _Grid


class _Period(msgspec.Struct, frozen=True, rename="camel"):
    is_daytime: bool
    temperature: float | None
    temperature_unit: Literal["F", "C"]
    name: str = ""
    short_forecast: str = ""


class _Outlook(msgspec.Struct, frozen=True, rename="camel"):
    generated_at: str
    periods: list[_Period]


class _Forecast(msgspec.Struct, frozen=True):
    properties: _Outlook


class _Alert(msgspec.Struct, frozen=True, rename="camel"):
    event: str
    severity: str = "Unknown"
    urgency: str = "Unknown"
    status: str = "Actual"
    message_type: str = "Alert"


class _Feature(msgspec.Struct, frozen=True):
    properties: _Alert


class _Alerts(msgspec.Struct, frozen=True):
    features: list[_Feature]
    updated: str = ""


def _query(site: Site) -> Request:
    """To 3 decimals (110 m) without zeros at the end: the service redirects any longer writing."""
    return Request(f"{_POINTS}{round(site.place.lat, 3):.7g},{round(site.place.lon, 3):.7g}")


def read(body: bytes, ask: Ask) -> list[Found]:
    """Both points. Raises SourceFailed, or SourceSilent where there is no forecast.

    The answer names the forecast's URL, too; what we ask is made of its grid instead, since an answer must not choose
    whom we ask.
    """
    grid = decoded(body, _Point).properties
    if grid.grid_id is None or grid.grid_x is None or grid.grid_y is None:
        raise SourceSilent("the National Weather Service has no forecast for this place")
    outlook = decoded(ask(Request(f"/gridpoints/{grid.grid_id}/{grid.grid_x},{grid.grid_y}/forecast")), _Forecast)
    point = ask.first.path.removeprefix(_POINTS)
    alerts = decoded(ask(Request("/alerts/active", {"point": point})), _Alerts)
    return [_in_force(alerts, outlook.properties.generated_at), _high(outlook.properties)]


def _in_force(alerts: _Alerts, asked_at: str) -> Found:
    """How many; the most severe one is the label, the more urgent one among equals."""
    actual = [
        each.properties
        for each in alerts.features
        if each.properties.status == "Actual" and each.properties.message_type != "Cancel"
    ]
    worst = min(actual, key=_by_severity, default=None)
    label = None if worst is None else f"{worst.event} ({worst.severity.lower()})"
    return Found("active_weather_alerts", len(actual), alerts.updated or asked_at, label=label)


def _by_severity(alert: _Alert) -> tuple[int, int]:
    return _place_in(_SEVERITIES, alert.severity), _place_in(_URGENCIES, alert.urgency)


def _place_in(order: tuple[str, ...], word: str) -> int:
    return order.index(word) if word in order else len(order)


def _high(outlook: _Outlook) -> Found:
    """The temperature of the first period by day that the forecast has, be it today or tomorrow."""
    day = next((each for each in outlook.periods if each.is_daytime), None)
    if day is None or day.temperature is None:
        reason = "the forecast has no temperature for a day"
        return Found("forecast_high_temperature", None, outlook.generated_at, kind="estimated", reason=reason)
    degrees = day.temperature if day.temperature_unit == "F" else round(day.temperature * 9 / 5 + 32, 1)
    label = ": ".join(filter(None, (day.name, day.short_forecast))) or None
    return Found("forecast_high_temperature", degrees, outlook.generated_at, kind="estimated", label=label)


SOURCE: Final = LiveSource(FACTS, list[Found], _query, read, as_read)
