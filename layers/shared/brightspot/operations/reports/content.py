"""A report's content from the figures of hours: pure, the same for the same figures and moment."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Final

from brightspot.operations.reports.figures import Side, comparisons, hour_figures, period_figures
from brightspot.operations.reports.forecasts import Forecaster, forecasts
from brightspot.operations.reports.period import Period, time_of
from brightspot.operations.reports.shapes import (
    AnalyticsReport,
    PeriodFigures,
    ReportPeriod,
    RequestForecast,
    UnknownFigure,
)
from brightspot.telemetry import Figures

_MOST_GAPS: Final = 5  # that are told one by one


def report_of(
    period: Period,
    hours: Mapping[int, Figures],
    now: datetime,
    *,
    forecaster: Forecaster,
    security: tuple[float | None, str | None],
) -> AnalyticsReport:
    """The report on a period. `hours` are the figures by hour since 1970, of the period and of what came before it.

    An hour without figures is a gap. `security` is the score of the moment, or None and why nobody can say.
    """
    told, before = _of(period, hours, security[0]), _of(period.before, hours, None)
    known, known_before = _known(period, hours), _known(period.before, hours)
    ahead = forecasts(period, hours, forecaster)
    return AnalyticsReport(
        id=period.id,
        made_at=now,
        period=ReportPeriod.of(period, len(known)),
        period_before=ReportPeriod.of(period.before, len(known_before)),
        figures=told,
        comparisons=comparisons(Side(told, len(known), period.hours), Side(before, len(known_before), period.hours)),
        hours=[hour_figures(each, hours.get(each)) for each in _span(period)],
        forecasts=ahead,
        unknown=[*_unknown(period, known, known_before), *_not_measured(told, security[1]), *_not_foretold(ahead)],
    )


def _span(period: Period) -> range:
    return range(period.first, period.last + 1)


def _known(period: Period, hours: Mapping[int, Figures]) -> list[int]:
    return [each for each in _span(period) if each in hours]


def _of(period: Period, hours: Mapping[int, Figures], security_score: float | None) -> PeriodFigures | None:
    known = _known(period, hours)
    return period_figures(Figures.together(hours[each] for each in known), security_score) if known else None


def _unknown(period: Period, known: list[int], known_before: list[int]) -> Iterable[UnknownFigure]:
    missing = period.hours - len(known)
    if missing:
        yield UnknownFigure(
            f"{missing} of {period.hours} hours",
            f"no figures are kept of {_gaps(period, known)}: nothing ran, or what was measured was lost; "
            "they are gaps, not zeros",
        )
    if len(known_before) < period.hours:
        yield UnknownFigure(
            "what changed" if not known_before else "some of what changed",
            f"of the {period.hours} hours before, {len(known_before)} are known; "
            "a change is told when nine in ten are known on both sides",
        )


def _gaps(period: Period, known: list[int]) -> str:
    """The stretches without figures in words, the first five of them."""
    stretches = [
        (left + 1, right) for left, right in pairwise([period.first - 1, *known, period.last + 1]) if right > left + 1
    ]
    told = [f"{time_of(first):%Y-%m-%d %H:00} to {time_of(end):%Y-%m-%d %H:00}" for first, end in stretches]
    more = len(told) - _MOST_GAPS
    return ", ".join(told[:_MOST_GAPS]) + (f" and {more} more stretches" if more > 0 else "")


def _not_measured(told: PeriodFigures | None, no_score: str | None) -> Iterable[UnknownFigure]:
    if told is None:
        return
    if not told.performance.requests:
        yield UnknownFigure("latency and availability", "no request was answered in the known hours")
    if told.cache_hit_rate is None:
        yield UnknownFigure("cache hit rate", "no answer was sought in a cache in the known hours")
    if told.analyses.average_score is None:
        yield UnknownFigure("scores", "no new analysis was scored in the known hours")
    if told.healthy_share is None:
        yield UnknownFigure("health", "no health check was made in the known hours")
    if not told.upstream:
        yield UnknownFigure("upstreams", "no live source was asked in the known hours")
    if no_score is not None:
        yield UnknownFigure("security score", no_score)


def _not_foretold(ahead: Iterable[RequestForecast]) -> Iterable[UnknownFigure]:
    for each in ahead:
        if each.reason is not None:
            yield UnknownFigure(f"requests of the next {each.unit}s", each.reason)
