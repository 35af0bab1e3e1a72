"""Figures of hours, added up: what a period says, what an hour says, and what is compared."""

from collections.abc import Callable, Mapping
from typing import Final

from brightspot.operations.metrics import database_figures, performance_figures, upstream_figures
from brightspot.operations.reports.period import time_of
from brightspot.operations.reports.shapes import (
    CheckFigures,
    CostDriver,
    HourFigures,
    PeriodFigures,
    ReportComparison,
    SecurityFigures,
)
from brightspot.operations.timings import by_labels, merged, timing
from brightspot.telemetry import (
    ANALYSES,
    BLOCKED_REQUESTS,
    BODY_BYTES_SAVED,
    CACHE_HITS,
    CACHE_MISSES,
    CLIENTS_BLOCKED,
    COLLECTOR_SECONDS,
    HEALTH_CHECKS,
    HTTP_REQUESTS,
    INTRUSION_SIGNALS,
    REQUEST_SECONDS,
    SUSPICIOUS_INPUTS,
    UPSTREAM_CALLS,
    Counter,
    Figures,
)

_FAILED: Final = "5"  # statuses that begin so
ENOUGH: Final = 0.9  # of the hours, before two periods are compared
_Read = Callable[[PeriodFigures, int], float | None]
# What is compared: its unit, and how it is read of a period and the number of its known hours.
COMPARED: Final[dict[str, tuple[str, _Read]]] = {
    "requests_per_hour": ("requests/h", lambda told, hours: told.performance.requests / hours),
    "availability": ("share", lambda told, _: told.availability),
    "p50_ms": ("ms", lambda told, _: told.overall.p50_ms),
    "p95_ms": ("ms", lambda told, _: told.overall.p95_ms),
    "cache_hit_rate": ("share", lambda told, _: told.cache_hit_rate),
    "analyses_per_hour": ("analyses/h", lambda told, hours: told.analyses.total_analyses / hours),
    "average_score": ("points", lambda told, _: told.analyses.average_score),
    "healthy_share": ("share", lambda told, _: told.healthy_share),
    "function_seconds_per_hour": ("s/h", lambda told, hours: told.cost_drivers["function_seconds"].amount / hours),
    "suspicious_inputs_per_hour": ("inputs/h", lambda told, hours: told.security.suspicious_inputs / hours),
}


def hour_figures(hour: int, figures: Figures | None) -> HourFigures:
    """One hour; None is an hour that nothing is known of."""
    if figures is None:
        return HourFigures(time_of(hour))
    requests, errors = requests_of(figures), _total(figures, HTTP_REQUESTS, lambda of: of[1].startswith(_FAILED))
    took = timing(merged(each for _, each in by_labels(figures.sketches, REQUEST_SECONDS.name)))
    analyses = _total(figures, ANALYSES)
    return HourFigures(time_of(hour), requests, errors, took.p50_ms, took.p95_ms, _hit_rate(figures), analyses)


def requests_of(figures: Figures) -> int:
    """Requests that functions answered."""
    return _total(figures, HTTP_REQUESTS)


def period_figures(figures: Figures, security_score: float | None) -> PeriodFigures:
    """All that was measured in a period."""
    performance = performance_figures(figures)
    checks = _checks(figures)
    asked = sum(each.checks for each in checks.values())
    well = _total(figures, HEALTH_CHECKS, lambda of: of[1] == "healthy")
    error_rate = performance.error_rate
    return PeriodFigures(
        performance=performance,
        overall=timing(merged(each for _, each in by_labels(figures.sketches, REQUEST_SECONDS.name))),
        availability=None if error_rate is None else round(1 - error_rate, 4),
        cache_hit_rate=_hit_rate(figures),
        analyses=database_figures(figures),
        collectors={of[0]: timing(each) for of, each in by_labels(figures.sketches, COLLECTOR_SECONDS.name)},
        upstream=upstream_figures(figures),
        healthy_share=_share(well, asked),
        checks=checks,
        security=SecurityFigures(
            score_when_made=security_score,
            suspicious_inputs=_total(figures, SUSPICIOUS_INPUTS),
            blocked_requests=_total(figures, BLOCKED_REQUESTS),
            clients_blocked=_total(figures, CLIENTS_BLOCKED),
            signals={of[0]: number for of, number in by_labels(figures.counters, INTRUSION_SIGNALS.name)},
        ),
        cost_drivers=_cost_drivers(figures, performance.requests),
    )


def comparisons(now: "Side", before: "Side") -> dict[str, ReportComparison]:
    """Each figure beside the same of the period before."""
    return {
        name: ReportComparison(
            this := now.read(read), that := before.read(read), _change(this, that, now, before), unit
        )
        for name, (unit, read) in COMPARED.items()
    }


class Side:
    """One of two periods that are compared: its figures, and how many of its hours are known."""

    def __init__(self, told: PeriodFigures | None, known: int, hours: int) -> None:
        self._told = told
        self._known = known
        self.is_enough = known >= ENOUGH * hours

    def read(self, read: _Read) -> float | None:
        value = None if self._told is None else read(self._told, self._known)
        return None if value is None else round(value, 4)


def _change(now: float | None, before: float | None, this: Side, that: Side) -> float | None:
    if now is None or not before or not (this.is_enough and that.is_enough):
        return None
    return round(now / before - 1, 4)


def _total(figures: Figures, counter: Counter, wanted: Callable[[tuple[str, ...]], bool] = lambda _: True) -> int:
    return sum(number for labels, number in by_labels(figures.counters, counter.name) if wanted(labels))


def _hit_rate(figures: Figures) -> float | None:
    hits = _total(figures, CACHE_HITS)
    return _share(hits, hits + _total(figures, CACHE_MISSES))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _checks(figures: Figures) -> dict[str, CheckFigures]:
    found: dict[str, dict[str, int]] = {}
    for (check, status), number in by_labels(figures.counters, HEALTH_CHECKS.name):
        found.setdefault(check, {})[status] = number
    return {name: _check(each) for name, each in found.items() if sum(each.values())}


def _check(by_status: Mapping[str, int]) -> CheckFigures:
    checks = sum(by_status.values())
    return CheckFigures(checks, round(by_status.get("healthy", 0) / checks, 4))


def _cost_drivers(figures: Figures, requests: int) -> dict[str, CostDriver]:
    took = merged(each for _, each in by_labels(figures.sketches, REQUEST_SECONDS.name))
    amounts = {
        "function_seconds": (took.total, "s"),
        "new_analyses": (_total(figures, ANALYSES), "analyses"),
        "live_calls": (_total(figures, UPSTREAM_CALLS, lambda of: of[1] == "live"), "calls"),
        "bytes_not_sent": (_total(figures, BODY_BYTES_SAVED), "bytes"),
    }
    told = {"requests": CostDriver(requests, "requests", 1000.0 if requests else None)}
    for name, (amount, unit) in amounts.items():
        told[name] = CostDriver(round(amount, 3), unit, round(1000 * amount / requests, 3) if requests else None)
    return told
