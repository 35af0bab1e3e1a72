"""How a report puts figures: numbers with their unit, moments, what is not known."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from brightspot.operations.reports.shapes import BacktestedError, ReportPeriod

UNKNOWN: Final = "\N{EN DASH}"
_MINUS: Final = "\N{MINUS SIGN}"
_MUCH: Final = 100
_UNITS: Final[dict[str, Callable[[float], str]]] = {
    "share": lambda value: f"{100 * value:.2f} %",
    "ms": lambda value: f"{value:,.1f} ms",
    "points": lambda value: f"{value:.1f}",
    "bytes": lambda value: f"{value:,.0f} bytes",
}


def figure_text(value: float | None, unit: str = "") -> str:
    """A figure with its unit, a dash when it is not known; small ones keep three digits."""
    if value is None:
        return UNKNOWN
    if unit in _UNITS:
        return _UNITS[unit](value)
    whole = f"{value:,.0f}" if value == int(value) or abs(value) >= _MUCH else f"{value:.3g}"
    return f"{whole} {unit}".strip()


def scale_text(value: float, unit: str) -> str:
    """A round figure at the edge of a chart."""
    return f"{100 * value:g} %" if unit == "share" else f"{value:,g} {unit}".strip()


def change_text(change: float | None) -> str:
    """A difference in percent with its sign."""
    if change is None:
        return UNKNOWN
    percent = round(100 * change, 1)
    return f"{percent:+.1f} %".replace("-", _MINUS) if percent else "0.0 %"


def moment_text(at: datetime) -> str:
    """A moment as "28 November 2026, 01:00 UTC"."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def period_text(period: ReportPeriod) -> str:
    """A whole day by its date, a week by its first and last, else from when to when."""
    if period.kind == "custom":
        return f"{moment_text(period.since)} to {moment_text(period.until)}"
    last = period.until - timedelta(hours=1)
    first = f"{period.since.day} {period.since:%B %Y}"
    return first if period.kind == "day" else f"{first} to {last.day} {last:%B %Y}"


def known_text(period: ReportPeriod) -> str:
    """How much of a period is known."""
    if period.known_hours == period.hours:
        return f"all {period.hours} hours"
    return f"{period.known_hours} of {period.hours} hours; the others are gaps, not zeros"


def backtest_text(tested: BacktestedError, level: float, unit: str) -> str:
    """How well a forecast did on the past, in one sentence."""
    relative = "" if tested.mape is None else f" ({100 * tested.mape:.1f} % of what came)"
    return (
        f"Back-tested on {tested.folds} stretches of the past: off by {figure_text(tested.mae)} requests a {unit} in "
        f"the mean{relative}; {100 * tested.coverage:.0f} % of what came lay inside the interval, which is to hold "
        f"{100 * level:.0f} %."
    )
