"""How a report puts numbers and names: units, dates, what a precision means."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from brightspot.locations.analysis import Analysis, Location, PointResult

PRECISIONS: Final = {
    "street": "the street address",
    "zip_centroid": "the centre of the ZIP",
    "city_centroid": "the population centre of the city",
    "po_box_zip": "the point of a PO-box ZIP",
}
_UNITS: Final[dict[str, Callable[[float], str]]] = {
    "USD": lambda value: f"${value:,.0f}",
    "USD/h": lambda value: f"${value:,.2f}/h",
    "percent": lambda value: f"{value:.1f} %",
}
_BOUNDS: Final = {"at_least": "≥ ", "at_most": "≤ ", None: ""}
_CAPITALS: Final = {"aqi": "AQI", "iecc": "IECC", "zip": "ZIP", "2sfca": "2SFCA"}
_DIRECTIONS: Final = {"higher_is_better": "higher", "lower_is_better": "lower", "context": "not scored"}
UNKNOWN: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"


def value_text(value: float | None, unit: str, bound: str | None) -> str:
    """A value with its unit as people write it, "-" when it is not known."""
    if value is None:
        return "-"
    text = _UNITS[unit](value) if unit in _UNITS else f"{value:,.6g} {unit}"
    return _BOUNDS[bound] + text


def point_value(point: PointResult) -> str:
    """The same of a data point; a code comes with its name, an old copy with its age."""
    told = UNKNOWN if point.value is None else value_text(point.value, point.unit, point.bound)
    if point.label is not None:
        told = f"{told} ({point.label})"
    return told if point.age_seconds is None else f"{told}, a copy {point.age_seconds / 3600:.1f} h old"


def title_of(name: str) -> str:
    """The name of a point or category for people: `aqi_change_5y` is "AQI change 5y"."""
    words = [_CAPITALS.get(word, word) for word in name.split("_")]
    return " ".join([words[0] if words[0].isupper() else words[0].capitalize(), *words[1:]])


def direction_text(direction: str) -> str:
    """Which way is the better one."""
    return _DIRECTIONS.get(direction, direction)


def score_text(score: float | None) -> str:
    """A score, percentile or contribution to one decimal."""
    return UNKNOWN if score is None else f"{score:.1f}"


def percent_text(share: float) -> str:
    """A share of 1 in whole percent."""
    return f"{100 * share:.0f} %"


def moment_text(created_at: str) -> str:
    """An RFC 3339 time as "28 November 2026, 01:00 UTC"; as it is when it is none."""
    try:
        at = datetime.fromisoformat(created_at)
    except ValueError:
        return created_at
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def place_text(location: Location) -> str:
    """City, state and ZIP, with the county where it is known."""
    where = f"{location.city}, {location.state} {location.zip or ''}".strip()
    return f"{where} ({location.county})" if location.county else where


def radius_text(analysis: Analysis) -> str:
    """The radius that was asked for."""
    return f"{analysis.radius_miles:g} {'mile' if analysis.radius_miles == 1 else 'miles'}"
