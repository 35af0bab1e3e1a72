"""The figures of one invocation: recorded where things happen, written once before the answer leaves.

CloudWatch reads them from stdout; the ledger, which every process adds to, has them for whoever asks the service.
"""

import math
import resource
import sys
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TextIO

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.settings import load, setting
from brightspot.core.switches import Switches
from brightspot.telemetry.declared import COLD_STARTS, MEMORY_LIMIT, NAMESPACE, RESIDENT_MEMORY
from brightspot.telemetry.emf import Figure, lines
from brightspot.telemetry.fields import parts_of
from brightspot.telemetry.ledger import Ledger
from brightspot.telemetry.metric import Counter, Distribution, Gauge, Metric
from brightspot.telemetry.place import this_function
from brightspot.valkey import Trip, shared_valkey

_MEBIBYTE: Final = 2**20
_MAXRSS_BYTES: Final = 1 if sys.platform == "darwin" else 1024  # getrusage(2) there, and on Linux


@dataclass(frozen=True, slots=True)
class MetricSettings:
    """Whether metrics are written, and of which stack they tell."""

    stack: str = setting("METRICS_STACK", "", "name of the stack that metrics are told of; without it none are written")


class Recorder:
    """Safe to share between threads. What a thread left behind records is told with the next invocation."""

    def __init__(self, stack: str, clock: Clock, stream: TextIO | None = None) -> None:
        """Without a `stream`, what is stdout when metrics are written: CloudWatch reads it."""
        self._stack = stack
        self._clock = clock
        self._stream = stream
        self._lock = threading.Lock()
        self._recorded: dict[tuple[Metric, tuple[str, ...]], list[float]] = {}

    def add(self, counter: Counter, labels: tuple[str, ...], value: float) -> None:
        with self._lock:
            values = self._recorded.setdefault((counter, labels), [0])
            values[0] += value

    def note(self, gauge: Gauge, labels: tuple[str, ...], value: float) -> None:
        with self._lock:
            self._recorded.setdefault((gauge, labels), []).append(value)

    def flush(self) -> None:
        """Write what was recorded since the last time; nothing when that is nothing."""
        with self._lock:
            recorded, self._recorded = self._recorded, {}
        if recorded:
            figures = (Figure(metric, labels, values) for (metric, labels), values in recorded.items())
            now_ms = int(self._clock.now().timestamp() * 1000)
            stream = self._stream or sys.stdout
            stream.write(lines(figures, NAMESPACE, self._stack, now_ms).decode())
            stream.flush()


_recorder: Recorder | None = None
_counting = True
_cold = False  # a snapshot is taken between configuring and the first event: every instance that wakes from it is new


@lru_cache(maxsize=1)
def shared_ledger() -> Ledger:
    """This process's part of what all of them measured."""
    return Ledger(shared_valkey(), SystemClock())


def configure_metrics(stream: TextIO | None = None) -> None:
    """Write for CloudWatch from here on, of the stack that METRICS_STACK names; without it nothing is written.

    With ENTERPRISE_MONITORING_ENABLED=false nothing is counted or measured at all. A function's entry calls this.
    Calling it again forgets what was recorded and not written.
    """
    global _recorder, _counting, _cold  # noqa: PLW0603  # one per process, like the process's one request at a time
    _counting = load(Switches).monitoring
    stack = load(MetricSettings).stack if _counting else ""
    _recorder = Recorder(stack, SystemClock(), stream) if stack else None
    _cold = this_function().is_instance


def count(metric: Counter, value: int = 1, **labels: str) -> None:
    """Add to a counter. The labels are the metric's own, in its order."""
    told = _told(metric, value, labels)
    if value < 0:
        raise ValueError(f"{metric.name} cannot go down by {-value}")
    if _recorder is not None and metric.emf:
        _recorder.add(metric, told, value)
    if _counting:
        shared_ledger().count((metric.name, *told), value)


def gauge(metric: Gauge, value: float, **labels: str) -> None:
    """Note one reading. The labels are the metric's own, in its order."""
    told = _told(metric, value, labels)
    if _recorder is not None and metric.emf:
        _recorder.note(metric, told, value)
    if _counting:
        shared_ledger().note((metric.name, *told), value)


def observe(metric: Distribution, value: float, **labels: str) -> None:
    """Note one measurement, in the metric's unit. The labels are the metric's own, in its order."""
    told = _told(metric, value, labels)
    if value < 0:
        raise ValueError(f"{metric.name} cannot be {value}")
    if _counting:
        shared_ledger().observe((metric.name, *told), value, parts_of(metric))


def tell_figures(trip: Trip) -> None:
    """Have a round trip that is made anyway take along what was measured."""
    shared_ledger().ask(trip)


def share_figures() -> None:
    """Tell the other processes what was measured, and what memory that took, in a round trip of its own."""
    if _counting:
        _note_memory()
    shared_ledger().flush()


def flush_metrics(*, share: bool = True) -> None:
    """Write the figures of this invocation: the last thing an entry does, since nothing runs after the answer.

    The first time tells of the cold start. What is not to `share` at once travels with the next invocation's own trip.
    """
    global _cold  # noqa: PLW0603  # as above
    if _cold:
        _cold = False
        count(COLD_STARTS, function=this_function().name)
    if _recorder is not None:
        _recorder.flush()
    if share:
        share_figures()


def _note_memory() -> None:
    """The most that this process ever had in memory; on Linux not less than what started it held then."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES
    function = this_function()
    observe(RESIDENT_MEMORY, held, function=function.name)
    if function.megabytes:
        gauge(MEMORY_LIMIT, function.megabytes * _MEBIBYTE, function=function.name)


def _told(metric: Metric, value: float, labels: dict[str, str]) -> tuple[str, ...]:
    if tuple(labels) != metric.labels or not all(labels.values()):
        raise ValueError(f"{metric.name} is told with a value for each of {metric.labels}, not with {labels}")
    if not math.isfinite(value):
        raise ValueError(f"{metric.name} cannot be {value}")
    return tuple(labels.values())
