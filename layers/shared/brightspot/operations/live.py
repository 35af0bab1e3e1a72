"""Figures as they come: an event for each minute that is over, known again by its number, and how the running one does.

Server-sent events as HTML's standard has them (html.spec.whatwg.org, "Server-sent events"). An answer is made at once
and ends: through an HTTP API nothing can stream. A client comes back after `retry`, and says which event was its last.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal

import msgspec

from brightspot.core import codec
from brightspot.core.clock import Clock, SystemClock, rfc3339
from brightspot.core.errors import InputRefused
from brightspot.operations.metrics import performance_figures
from brightspot.operations.timings import Timing, by_labels, timing
from brightspot.telemetry import (
    METRICS,
    OPERATION_ERRORS,
    OPERATION_SECONDS,
    Counter,
    Figures,
    Ledger,
    shared_ledger,
)
from brightspot.telemetry.ledger import MINUTES_KEPT

RETRY_MS: Final = 5000
_SETTLED_SECONDS: Final = 10  # past its end, most processes have told what they measured in a minute
_OLDEST: Final = MINUTES_KEPT - 2  # minutes back that the ledger knows for sure
_COUNTERS: Final = {each.name: each for each in METRICS if isinstance(each, Counter)}

Scope = Literal["all instances", "this process"]


class LivePerformance(msgspec.Struct, frozen=True):
    """One minute, which began `at`. `error_rate` is the share (0 to 1) of 5xx, null without requests."""

    at: str
    scope: Scope
    requests: int
    error_rate: float | None
    cached: Timing
    computed: Timing
    routes: dict[str, Timing]
    operations: dict[str, Timing]
    operation_errors: int


class LiveMetrics(msgspec.Struct, frozen=True):
    """One minute, which began `at`: what each counter grew by, by its name in `/metrics` and its labels.

    Counters that did not grow are left out.
    """

    at: str
    scope: Scope
    counters: dict[str, list["LiveCount"]]


class LiveCount(msgspec.Struct, frozen=True):
    """What one series of a counter grew by."""

    labels: Mapping[str, str]
    grew: int


class Missed(msgspec.Struct, frozen=True):
    """Minutes that a client has not seen and nobody knows any more, from the first to the last."""

    first: str
    last: str


def live_performance(last_event_id: str | None, ledger: Ledger | None = None, clock: Clock | None = None) -> bytes:
    """How requests and operations do. As `_events`."""
    return _events(last_event_id, _performance, ledger or shared_ledger(), clock or SystemClock())


def live_metrics(last_event_id: str | None, ledger: Ledger | None = None, clock: Clock | None = None) -> bytes:
    """What counters grow by. As `_events`."""
    return _events(last_event_id, _metrics, ledger or shared_ledger(), clock or SystemClock())


def _events(
    last_event_id: str | None, tell: Callable[[str, Scope, Figures], msgspec.Struct], ledger: Ledger, clock: Clock
) -> bytes:
    """`minute` events after the last one that the client has, each once and in order, then `now`, which has no id.

    Without a last one: the newest `minute`. One that is further back than the ledger knows is told as `missed`.
    Raises InputRefused for an id that is none of ours, and StoreUnavailable.
    """
    running = ledger.minute()
    newest = running - 1 if clock.now().timestamp() - running * 60 >= _SETTLED_SECONDS else running - 2
    first = newest if not last_event_id else _after(last_event_id, newest)
    oldest = running - _OLDEST
    told = ledger.minutes(METRICS, min(max(first, oldest), newest + 1), running)
    scope: Scope = "all instances" if ledger.shared else "this process"
    parts = [f"retry: {RETRY_MS}\n\n".encode()]
    if first < oldest:
        parts.append(_event("missed", Missed(_at(first), _at(oldest - 1))))
    parts += [
        _event("minute", tell(_at(minute), scope, each), minute) for minute, each in told.items() if minute <= newest
    ]
    now = Figures.together(each for minute, each in told.items() if minute > newest)
    parts.append(_event("now", tell(_at(newest + 1), scope, now)))
    return b"".join(parts)


def _after(last_event_id: str, newest: int) -> int:
    """The minute after an event's, but none that is not over. Raises InputRefused."""
    if not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) <= len(str(newest))):
        raise InputRefused("Last-Event-ID", "send the id of the last event that came, or none")
    return min(int(last_event_id), newest) + 1


def _event(name: str, data: msgspec.Struct, number: int | None = None) -> bytes:
    known = b"" if number is None else b"id: %d\n" % number
    return b"event: %s\n%sdata: %s\n\n" % (name.encode(), known, codec.dumps(data))


def _at(minute: int) -> str:
    return rfc3339(minute * 60)


def _performance(at: str, scope: Scope, figures: Figures) -> LivePerformance:
    told = performance_figures(figures)
    return LivePerformance(
        at=at,
        scope=scope,
        requests=told.requests,
        error_rate=told.error_rate,
        cached=told.cached,
        computed=told.computed,
        routes=told.routes,
        operations={labels[0]: timing(each) for labels, each in by_labels(figures.sketches, OPERATION_SECONDS.name)},
        operation_errors=sum(number for _, number in by_labels(figures.counters, OPERATION_ERRORS.name)),
    )


def _metrics(at: str, scope: Scope, figures: Figures) -> LiveMetrics:
    grown: dict[str, list[LiveCount]] = {}
    for (name, *values), number in sorted(figures.counters.items()):
        counter = _COUNTERS[name]
        labels = dict(zip(counter.labels, values, strict=True))
        grown.setdefault(counter.exposed, []).append(LiveCount(labels, number))
    return LiveMetrics(at, scope, grown)
