"""How operations and routes did in the last minutes, beside the minutes before, and what that advises."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from brightspot.operations.timings import Timing, by_labels, merged, timing
from brightspot.telemetry import (
    HTTP_REQUESTS,
    METRICS,
    OPERATION_CPU,
    OPERATION_ERRORS,
    OPERATION_SECONDS,
    REQUEST_SECONDS,
    Counter,
    Distribution,
    Figures,
    Ledger,
    Sketch,
    shared_ledger,
    slow_ms,
)

DEFAULT_SUMMARY_MINUTES: Final = 15
MOST_SUMMARY_MINUTES: Final = 60  # and as many before them, for the trend
_ENOUGH: Final = 30  # measurements on both sides, before a change is called one
_MUCH: Final = 1.5
_MANY_ERRORS: Final = 0.01
_FAILED: Final = "5"  # statuses that begin so


class LatencyTrend(msgspec.Struct, frozen=True):
    """The 95th percentile against that of as many minutes before: `change` is their ratio, 1 when nothing changed.

    Null, and `unknown`, with fewer than 30 measurements on either side. `slower` and `faster` are 1.5 times.
    """

    change: float | None
    direction: Literal["slower", "steady", "faster", "unknown"]


class OperationSummary(msgspec.Struct, frozen=True):
    """One monitored operation, or one route. `cpu_ms` is the mean processor time, null for routes.

    `error_rate` is 0 to 1: of operations those that raised, of routes those answered 5xx.
    """

    per_minute: float
    errors: int
    error_rate: float | None
    timing: Timing
    cpu_ms: float | None
    trend: LatencyTrend


class SlowCall(msgspec.Struct, frozen=True):
    """One call that took longer than `PERFORMANCE_ALERT_THRESHOLD_MS`."""

    operation: str
    milliseconds: float
    at: str


class PerformanceSummary(msgspec.Struct, frozen=True):
    """Of all instances, or of the process that answers when there is no shared store (`scope`).

    `slow` are the last 100 slow calls of monitored operations, whenever they were. `recommendations` name what to look
    at, and why; none when there is nothing.
    """

    scope: Literal["all instances", "this process"]
    minutes: int
    operations: dict[str, OperationSummary]
    routes: dict[str, OperationSummary]
    slow_threshold_ms: int
    slow: list[SlowCall]
    recommendations: list[str]


def performance_summary(minutes: int = DEFAULT_SUMMARY_MINUTES, ledger: Ledger | None = None) -> PerformanceSummary:
    """The last minutes, the running one included. Raises StoreUnavailable."""
    ledger = ledger or shared_ledger()
    last = ledger.minute()
    told = ledger.minutes(METRICS, last - 2 * minutes + 1, last)
    now = _sum(each for minute, each in told.items() if minute > last - minutes)
    before = _sum(each for minute, each in told.items() if minute <= last - minutes)
    operations = _summaries(now, before, minutes, OPERATION_SECONDS, _errors(now, OPERATION_ERRORS, lambda _: True))
    routes = _summaries(
        now, before, minutes, REQUEST_SECONDS, _errors(now, HTTP_REQUESTS, lambda status: status.startswith(_FAILED))
    )
    return PerformanceSummary(
        scope="all instances" if ledger.shared else "this process",
        minutes=minutes,
        operations=operations,
        routes=routes,
        slow_threshold_ms=slow_ms(),
        slow=[SlowCall(each.operation, each.milliseconds, _told(each.at)) for each in ledger.slowest()],
        recommendations=[*_advice("operation", operations), *_advice("route", routes)],
    )


def _sum(several: Iterable[Figures]) -> Figures:
    added = Figures()
    for each in several:
        added.merge(each)
    return added


def _errors(figures: Figures, counter: Counter, is_error: Callable[[str], bool]) -> dict[str, int]:
    """By the first label of a counter, what it counted with a second one that is an error."""
    errors: dict[str, int] = {}
    for (name, kind), number in by_labels(figures.counters, counter.name):
        if is_error(kind):
            errors[name] = errors.get(name, 0) + number
    return errors


def _summaries(
    now: Figures, before: Figures, minutes: int, distribution: Distribution, errors: Mapping[str, int]
) -> dict[str, OperationSummary]:
    current, earlier, cpu = _by_name(now, distribution), _by_name(before, distribution), _by_name(now, OPERATION_CPU)
    return {
        name: OperationSummary(
            per_minute=round(sketch.count / minutes, 2),
            errors=errors.get(name, 0),
            error_rate=round(min(1.0, errors.get(name, 0) / sketch.count), 4) if sketch.count else None,
            timing=timing(sketch),
            cpu_ms=timing(cpu[name]).mean_ms if name in cpu else None,
            trend=_trend(sketch, earlier.get(name, Sketch())),
        )
        for name, sketch in current.items()
    }


def _by_name(figures: Figures, distribution: Distribution) -> dict[str, Sketch]:
    """Sketches by the first label, all others merged."""
    told = by_labels(figures.sketches, distribution.name)
    names = sorted({labels[0] for labels, _ in told})
    return {name: merged(each for labels, each in told if labels[0] == name) for name in names}


def _trend(now: Sketch, before: Sketch) -> LatencyTrend:
    this, that = now.quantile(0.95), before.quantile(0.95)
    if this is None or that is None or min(now.count, before.count) < _ENOUGH:
        return LatencyTrend(None, "unknown")
    change = this / that
    if change >= _MUCH:
        return LatencyTrend(round(change, 2), "slower")
    return LatencyTrend(round(change, 2), "faster" if change <= 1 / _MUCH else "steady")


def _told(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _advice(what: str, told: Mapping[str, OperationSummary]) -> list[str]:
    found = []
    for name, each in told.items():
        p95 = each.timing.p95_ms
        if each.error_rate is not None and each.error_rate > _MANY_ERRORS:
            found.append(f"{what} {name}: {each.error_rate:.1%} fail; the log has each with its request_id")
        if p95 is not None and p95 >= slow_ms():
            found.append(f"{what} {name}: one in twenty takes {p95:,.0f} ms or more; the threshold is {slow_ms():,} ms")
        if each.trend.direction == "slower":
            found.append(f"{what} {name}: its 95th percentile is {each.trend.change} times that of the minutes before")
    return found
