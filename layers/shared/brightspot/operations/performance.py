"""How operations and routes did in the last minutes, beside the minutes before, and what that advises."""

import logging
import math
from collections.abc import Mapping
from typing import Final, Literal, Protocol

import msgspec

from brightspot.core.clock import rfc3339_ms
from brightspot.operations.capacity import CapacityForecast, capacity, capacity_advice
from brightspot.operations.memory import FunctionMemory, function_memory, memory_advice
from brightspot.operations.rollups import shared_rollups
from brightspot.operations.timings import Timing, by_name, failed_operations, failed_requests, timing
from brightspot.operations.unusual import FALSE_ALARMS, Unusual, unusual
from brightspot.store import TableUnavailable
from brightspot.telemetry import (
    METRICS,
    OPERATION_CPU,
    OPERATION_SECONDS,
    REQUEST_SECONDS,
    Distribution,
    Figures,
    Ledger,
    Sketch,
    shared_ledger,
    slow_ms,
)

DEFAULT_SUMMARY_MINUTES: Final = 15
MOST_SUMMARY_MINUTES: Final = 60  # and as many before them, for the trend
_LEDGER_MINUTES: Final = 120
_LATE: Final = 2  # the running minute, and one whose last figures are still to come
_HISTORY_HOURS: Final = 14 * 24
_DAY: Final = 24
_ENOUGH: Final = 30  # measurements on both sides, before a change is called one
_MUCH: Final = 1.5
_MANY_ERRORS: Final = 0.01
_log = logging.getLogger(__name__)


class HourlyFigures(Protocol):
    """Keeps the figures of each hour for longer than the ledger does."""

    def hours(self, first: int, last: int) -> Mapping[int, Figures]:
        """By hour since 1970, only those that have figures. Raises TableUnavailable."""


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


class Judged(msgspec.Struct, frozen=True):
    """How many values were judged, and how many of them would be called unusual by chance if nothing were.

    `not_judged` is what could not be, and why.
    """

    values: int
    by_chance: float
    not_judged: list[str]


class PerformanceSummary(msgspec.Struct, frozen=True):
    """Of all instances, or of the process that answers when there is no shared store (`scope`).

    `slow` are the last 100 slow calls of monitored operations, whenever they were. `anomalies` are what was unusual in
    the last `minutes` that are over, against two hours, and in the last day, against the same hours of two weeks: the
    worst first. `capacity` is null without hours enough, and `capacity_unknown` says so. `recommendations` name what to
    look at, and why; none when there is nothing.
    """

    scope: Literal["all instances", "this process"]
    minutes: int
    operations: dict[str, OperationSummary]
    routes: dict[str, OperationSummary]
    memory: dict[str, FunctionMemory]
    slow_threshold_ms: int
    slow: list[SlowCall]
    anomalies: list[Unusual]
    anomalies_judged: Judged
    capacity: CapacityForecast | None
    capacity_unknown: str | None
    recommendations: list[str]


def performance_summary(
    minutes: int = DEFAULT_SUMMARY_MINUTES, ledger: Ledger | None = None, history: HourlyFigures | None = None
) -> PerformanceSummary:
    """The last minutes, the running one included. Raises StoreUnavailable; when the history is away it says so."""
    ledger = ledger or shared_ledger()
    last = ledger.minute()
    told = ledger.minutes(METRICS, last - _LEDGER_MINUTES + 1, last)
    now = Figures.together(each for minute, each in told.items() if minute > last - minutes)
    before = Figures.together(each for minute, each in told.items() if last - 2 * minutes < minute <= last - minutes)
    operations = _summaries(now, before, minutes, OPERATION_SECONDS, failed_operations(now))
    routes = _summaries(now, before, minutes, REQUEST_SECONDS, failed_requests(now))
    memory = function_memory(now, ledger.totals(METRICS))
    hours, away = _hours(history or shared_rollups(), last // 60)
    ahead = away or capacity(hours)
    found, judged = _unusual({each: told[each] for each in told if each <= last - _LATE}, minutes, hours, away)
    return PerformanceSummary(
        scope="all instances" if ledger.shared else "this process",
        minutes=minutes,
        operations=operations,
        routes=routes,
        memory=memory,
        slow_threshold_ms=slow_ms(),
        slow=[SlowCall(each.operation, each.milliseconds, rfc3339_ms(each.at)) for each in ledger.slowest()],
        anomalies=found,
        anomalies_judged=judged,
        capacity=None if isinstance(ahead, str) else ahead,
        capacity_unknown=ahead if isinstance(ahead, str) else None,
        recommendations=[
            *_advice("operation", operations),
            *_advice("route", routes),
            *memory_advice(memory),
            *([] if isinstance(ahead, str) else capacity_advice(ahead)),
        ],
    )


def _hours(history: HourlyFigures, hour: int) -> tuple[Mapping[int, Figures], str | None]:
    """The hours before this one, and why there are none when they could not be asked."""
    try:
        return history.hours(hour - _HISTORY_HOURS, hour - 1), None
    except TableUnavailable:
        _log.warning("figures_unavailable", exc_info=True)
        return {}, "the table of hourly figures is away"


def _unusual(
    told: Mapping[int, Figures], minutes: int, hours: Mapping[int, Figures], away: str | None
) -> tuple[list[Unusual], Judged]:
    begun = min((at for at, each in told.items() if each.counters or each.sketches), default=math.inf)
    lately = unusual({at: each for at, each in told.items() if at >= begun}, "minute", minutes)
    daily = unusual(hours, "hour", _DAY)
    found = sorted([*lately.found, *daily.found], key=lambda each: -abs(each.score))
    values, lacks = lately.values + daily.values, [lately.lack, away or daily.lack]
    return found, Judged(values, round(values * FALSE_ALARMS, 3), [each for each in lacks if each is not None])


def _summaries(
    now: Figures, before: Figures, minutes: int, distribution: Distribution, errors: Mapping[str, int]
) -> dict[str, OperationSummary]:
    current, earlier, cpu = by_name(now, distribution), by_name(before, distribution), by_name(now, OPERATION_CPU)
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


def _trend(now: Sketch, before: Sketch) -> LatencyTrend:
    this, that = now.quantile(0.95), before.quantile(0.95)
    if this is None or that is None or min(now.count, before.count) < _ENOUGH:
        return LatencyTrend(None, "unknown")
    change = this / that
    if change >= _MUCH:
        return LatencyTrend(round(change, 2), "slower")
    return LatencyTrend(round(change, 2), "faster" if change <= 1 / _MUCH else "steady")


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
