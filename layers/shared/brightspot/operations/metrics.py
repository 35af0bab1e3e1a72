"""The figures of the whole service: for people and programs as JSON, for Prometheus as text."""

from typing import Final, Literal

import msgspec

from brightspot.operations.breakers import breaker_states
from brightspot.operations.caches import CacheStats, cache_stats
from brightspot.operations.timings import Timing, by_labels, merged, timing
from brightspot.telemetry import (
    ANALYSES,
    BREAKER_STATE,
    CACHE_ENTRIES,
    CACHE_OPERATIONS,
    COLLECTOR_SECONDS,
    DATABASE_ERRORS,
    HTTP_REQUESTS,
    METRICS,
    OVERALL_SCORES,
    REQUEST_SECONDS,
    UPSTREAM_CALLS,
    UPSTREAM_SECONDS,
    Figures,
    Ledger,
    Series,
    Sketch,
    exposed,
    shared_ledger,
)

_FAILED: Final = "5"  # statuses that begin so
_STATES: Final = ("closed", "open", "half_open")


class DatabaseFigures(msgspec.Struct, frozen=True):
    """Analyses that were made anew. Rates are 0 to 1, null when there were none; scores are 0 to 100."""

    total_analyses: int
    failed_analyses: int
    success_rate: float | None
    average_score: float | None
    median_score: float | None
    errors: int


class PerformanceFigures(msgspec.Struct, frozen=True):
    """Requests that functions answered. `error_rate` is the share (0 to 1) of 5xx among them.

    `cached` are those that the gate answered from a cache, `computed` all others that were not refused.
    """

    requests: int
    error_rate: float | None
    statuses: dict[str, int]
    cached: Timing
    computed: Timing
    routes: dict[str, Timing]


class UpstreamFigures(msgspec.Struct, frozen=True):
    """Questions to one live source, by where the answer came from."""

    calls: dict[str, int]
    timing: Timing


class Metrics(msgspec.Struct, frozen=True):
    """All that is counted, since the shared store began; of this process alone when there is none (`scope`)."""

    scope: Literal["all instances", "this process"]
    cache: CacheStats
    database: DatabaseFigures
    circuit_breakers: dict[str, str]
    performance: PerformanceFigures
    collectors: dict[str, Timing]
    upstream: dict[str, UpstreamFigures]


def service_metrics(ledger: Ledger | None = None) -> Metrics:
    """What is counted and measured. Raises StoreUnavailable."""
    ledger = ledger or shared_ledger()
    figures = ledger.totals(METRICS)
    return Metrics(
        scope="all instances" if ledger.shared else "this process",
        cache=cache_stats(),
        database=database_figures(figures),
        circuit_breakers={name: each.state for name, each in breaker_states().items()},
        performance=performance_figures(figures),
        collectors={labels[0]: timing(each) for labels, each in by_labels(figures.sketches, COLLECTOR_SECONDS.name)},
        upstream=upstream_figures(figures),
    )


def scraped(*, openmetrics: bool = False, ledger: Ledger | None = None) -> str:
    """The same for Prometheus, as text. Raises StoreUnavailable."""
    figures = (ledger or shared_ledger()).totals(METRICS)
    figures.merge(_of_caches())
    figures.merge(_of_breakers())
    return exposed(figures, METRICS, openmetrics=openmetrics)


def database_figures(figures: Figures) -> DatabaseFigures:
    """Analyses and errors among what was measured."""
    counts = {labels[0]: number for labels, number in by_labels(figures.counters, ANALYSES.name)}
    completed, failed = counts.get("completed", 0), counts.get("failed", 0)
    scores = figures.sketches.get((OVERALL_SCORES.name,), Sketch())
    average, middle = scores.mean, scores.quantile(0.5)
    return DatabaseFigures(
        total_analyses=completed + failed,
        failed_analyses=failed,
        success_rate=round(completed / (completed + failed), 4) if counts else None,
        average_score=None if average is None else round(average, 1),
        median_score=None if middle is None else round(middle, 1),
        errors=figures.counters.get((DATABASE_ERRORS.name,), 0),
    )


def performance_figures(figures: Figures) -> PerformanceFigures:
    """Requests among what was measured."""
    statuses: dict[str, int] = {}
    for (_, status), number in by_labels(figures.counters, HTTP_REQUESTS.name):
        statuses[status] = statuses.get(status, 0) + number
    requests = sum(statuses.values())
    failed = sum(number for status, number in statuses.items() if status.startswith(_FAILED))
    durations = by_labels(figures.sketches, REQUEST_SECONDS.name)
    routes = sorted({route for (route, _), _ in durations})
    return PerformanceFigures(
        requests=requests,
        error_rate=round(failed / requests, 4) if requests else None,
        statuses=dict(sorted(statuses.items())),
        cached=timing(merged(each for (_, served), each in durations if served == "cached")),
        computed=timing(merged(each for (_, served), each in durations if served == "computed")),
        routes={route: timing(merged(each for (its, _), each in durations if its == route)) for route in routes},
    )


def upstream_figures(figures: Figures) -> dict[str, UpstreamFigures]:
    """Questions to live sources among what was measured, by source."""
    calls: dict[str, dict[str, int]] = {}
    for (source, way), number in by_labels(figures.counters, UPSTREAM_CALLS.name):
        calls.setdefault(source, {})[way] = number
    return {
        source: UpstreamFigures(ways, timing(figures.sketches.get((UPSTREAM_SECONDS.name, source), Sketch())))
        for source, ways in calls.items()
    }


def _of_caches() -> Figures:
    """What the caches count themselves, by level and namespace."""
    figures, told = Figures(), cache_stats()
    for namespace, each in told.namespaces.items():
        counts = {**msgspec.structs.asdict(each.level_hits), "none": each.keyspace_misses}
        for level, number in counts.items():
            result = "miss" if level == "none" else "hit"
            figures.counters[CACHE_OPERATIONS.name, namespace, level, result] = number
        figures.gauges[CACHE_ENTRIES.name, namespace] = each.cached_items
    return figures


def _of_breakers() -> Figures:
    gauges: dict[Series, float] = {
        (BREAKER_STATE.name, name, state): float(state == each.state)
        for name, each in breaker_states().items()
        for state in _STATES
    }
    return Figures(gauges=gauges)
