"""Named jobs on daemon threads, each with its own outcome, all under one deadline."""

import threading
from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Literal

from brightspot.resilience.deadline import Deadline


@dataclass(frozen=True, slots=True)
class Outcome[T]:
    """What became of one job: `value` when ok, `error` when it raised, neither when time ran out."""

    status: Literal["ok", "failed", "timeout"]
    milliseconds: float
    value: T | None = None
    error: Exception | None = None


def run_all[T](jobs: Mapping[str, Callable[[], T]], deadline: Deadline) -> dict[str, Outcome[T]]:
    """Run every job at once and return an outcome for each, in the order of `jobs`.

    A job that raises costs only itself; one that is still running at the deadline is reported as `timeout` and left
    behind on its daemon thread. A `ThreadPoolExecutor` would join such a thread when the process ends.
    """
    finished: SimpleQueue[tuple[str, Outcome[T]]] = SimpleQueue()
    started = perf_counter()
    for name, job in jobs.items():
        context = copy_context()
        arguments = (_run, name, job, finished)
        threading.Thread(target=context.run, args=arguments, name=f"job-{name}", daemon=True).start()
    outcomes: dict[str, Outcome[T]] = {}
    while len(outcomes) < len(jobs):
        try:
            name, outcome = finished.get(timeout=deadline.remaining())
        except Empty:
            break
        outcomes[name] = outcome
    late: Outcome[T] = Outcome("timeout", (perf_counter() - started) * 1000)
    return {name: outcomes.get(name, late) for name in jobs}


def _run[T](name: str, job: Callable[[], T], finished: "SimpleQueue[tuple[str, Outcome[T]]]") -> None:
    started = perf_counter()
    try:
        outcome = Outcome("ok", 0.0, value=job())
    except Exception as error:  # noqa: BLE001  # the whole point: any failure becomes this job's outcome
        outcome = Outcome("failed", 0.0, error=error)
    milliseconds = (perf_counter() - started) * 1000
    finished.put((name, Outcome(outcome.status, milliseconds, outcome.value, outcome.error)))
