"""The charts of a report: traffic, latency, the cache, and what is expected."""

from collections.abc import Sequence
from typing import Final

from brightspot.operations.reports.charts import Band, Chart, Line, drawn
from brightspot.operations.reports.days import Slot
from brightspot.operations.reports.shapes import HourFigures, RequestForecast
from brightspot.operations.reports.words import figure_text
from brightspot.pages import Markup, joined

_SEEN: Final = {"hour": 48, "day": 28}  # values of the past that are shown before what is expected
_WORDS: Final = {"hour": "24 hours", "day": "seven days"}


def traffic(hours: Sequence[HourFigures]) -> Markup:
    """Requests and those answered 5xx, by hour."""
    requests, errors = [each.requests for each in hours], [each.errors for each in hours]
    told = f"{_range(requests)}. Answered 5xx: {_range(errors)}."
    lines = Line("requests", "solid", requests), Line("answered 5xx", "dashed", errors)
    return _over_time(hours, "traffic", "Requests by hour", told, *lines)


def latency(hours: Sequence[HourFigures]) -> Markup:
    """The median and the 95th percentile, by hour."""
    p50, p95 = [each.p50_ms for each in hours], [each.p95_ms for each in hours]
    told = f"Median: {_range(p50, 'ms')}. 95th percentile: {_range(p95, 'ms')}."
    lines = Line("95th percentile", "solid", p95), Line("median", "dashed", p50)
    return _over_time(hours, "latency", "How long requests took, by hour", told, *lines, unit="ms")


def cache(hours: Sequence[HourFigures]) -> Markup:
    """The hit rate of the gate's cache, by hour."""
    rates = [each.cache_hit_rate for each in hours]
    told = f"Share of answers sought in a cache that were there: {_range(rates, 'share')}."
    line = Line("hit rate", "solid", rates)
    return _over_time(hours, "cache", "Cache hit rate by hour", told, line, unit="share")


def expected(forecast: RequestForecast, seen: Sequence[Slot]) -> Markup:
    """What was, and what is expected with its interval; nothing where nothing is."""
    if not forecast.steps:
        return joined()
    before = list(seen)[-_SEEN[forecast.unit] :]
    past: list[float | None] = [each.requests for each in before]
    none: list[float | None] = [None] * len(before)
    ahead, unit = forecast.steps, forecast.unit
    sure = f"{100 * (forecast.level or 0):.0f} % interval"
    chart = Chart(
        f"forecast-{unit}",
        f"Requests by {unit}: what was, and the next {_WORDS[unit]}",
        f"Expected: {_range([each.expected for each in ahead])}. {sure}: from {figure_text(ahead[0].low)} to "
        f"{figure_text(ahead[0].high)} in the first {unit}, from {figure_text(ahead[-1].low)} to "
        f"{figure_text(ahead[-1].high)} in the last.",
        "",
        [*(each.at for each in before), *(each.at for each in ahead)],
        [
            Line("was", "solid", [*past, *([None] * len(ahead))]),
            Line("expected", "dashed", [*none, *(each.expected for each in ahead)]),
        ],
        [*(each is None for each in past), *([False] * len(ahead))],
        Band(sure, [*none, *(each.low for each in ahead)], [*none, *(each.high for each in ahead)]),
    )
    return drawn(chart)


def _over_time(hours: Sequence[HourFigures], name: str, title: str, told: str, *lines: Line, unit: str = "") -> Markup:
    gaps = [each.requests is None for each in hours]
    return drawn(Chart(name, title, told, unit, [each.at for each in hours], lines, gaps))


def _range(values: Sequence[float | None], unit: str = "") -> str:
    """The least and the most of what is known, in words."""
    known = [each for each in values if each is not None]
    if not known:
        return "not known"
    least, most = figure_text(min(known), unit), figure_text(max(known), unit)
    return least if least == most else f"{least} to {most}"
