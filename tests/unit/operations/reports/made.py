"""Figures of hours, and a forecaster, made up for tests."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from brightspot.operations.reports.content import report_of
from brightspot.operations.reports.period import Period, hour_of
from brightspot.telemetry import (
    ANALYSES,
    CACHE_HITS,
    CACHE_MISSES,
    HEALTH_CHECKS,
    HTTP_REQUESTS,
    INTRUSION_SIGNALS,
    OVERALL_SCORES,
    REQUEST_SECONDS,
    SUSPICIOUS_INPUTS,
    UPSTREAM_CALLS,
    UPSTREAM_SECONDS,
    Figures,
    Sketch,
)

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
YESTERDAY = Period(hour_of(datetime(2026, 11, 27, tzinfo=UTC)), 24)


def figures(requests=10, errors=0, seconds=0.2, route="/api/v1/analyze"):
    """An hour: so many requests, some of them answered 500, each as slow; a check of health, one analysis."""
    took = Sketch()
    for _ in range(requests):
        took.add(seconds)
    score, upstream = Sketch(), Sketch()
    score.add(61.5)
    upstream.add(0.4)
    return Figures(
        counters={
            (HTTP_REQUESTS.name, route, "200"): requests - errors,
            (HTTP_REQUESTS.name, route, "500"): errors,
            (CACHE_HITS.name, "analysis"): 3,
            (CACHE_MISSES.name, "analysis"): 1,
            (ANALYSES.name, "completed"): 1,
            (HEALTH_CHECKS.name, "cache", "healthy"): 59,
            (HEALTH_CHECKS.name, "cache", "degraded"): 1,
            (SUSPICIOUS_INPUTS.name, "xss", "recorded"): 2,
            (INTRUSION_SIGNALS.name, "unknown_route"): 4,
            (UPSTREAM_CALLS.name, "geocoder", "live"): 5,
        },
        sketches={
            (REQUEST_SECONDS.name, route, "computed"): took,
            (OVERALL_SCORES.name,): score,
            (UPSTREAM_SECONDS.name, "geocoder"): upstream,
        },
    )


def hours_of(period, back=0, **more):
    """The same figures in every hour of a period and of so many before it."""
    return {hour: figures(**more) for hour in range(period.first - back, period.last + 1)}


@dataclass
class Point:
    expected: float
    low: float
    high: float


@dataclass
class Backtest:
    folds: int = 5
    mae: float = 1.25
    mape: float | None = 12.5
    coverage: float = 0.75


@dataclass
class Foretold:
    points: list
    level: float
    method: str = "seasonal naive"
    backtest: Backtest = field(default_factory=Backtest)


def last_season(values, steps, *, season=None, level=0.8):
    """The last season again, give or take a fifth; None with fewer values than one."""
    if season is None or len(values) < season:
        return None
    again = [values[len(values) - season + each % season] for each in range(steps)]
    return Foretold([Point(each, each * 0.8, each * 1.2) for each in again], level)


def report(period=YESTERDAY, hours=None, now=NOW, forecaster=last_season, security=(88.0, None)):
    told = hours_of(period, back=14 * 24) if hours is None else hours
    return report_of(period, told, now, forecaster=forecaster, security=security)
