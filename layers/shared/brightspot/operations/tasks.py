"""How work behind queues and schedules does: what waits, what was given up, how long it takes, what to do about it."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import msgspec

from brightspot.core.clock import SystemClock, rfc3339
from brightspot.core.settings import load, setting
from brightspot.core.snapshots import before_snapshot
from brightspot.operations.timings import Timing, by_labels, by_name, merged, timing
from brightspot.resilience import Deadline, Outcome, run_all
from brightspot.store import Depth, Queues, Seen, StoreSettings, TableUnavailable, Workers, shared_workers
from brightspot.tasks import queued_since
from brightspot.telemetry import METRICS, QUEUE_WAIT, TASK_SECONDS, Figures, Ledger, Sketch, shared_ledger

_ASK_SECONDS: Final = 2.0
_log = logging.getLogger(__name__)
_DEAD: Final = "dead-letters"
_MANY_FAILURES: Final = 0.05
_ENOUGH: Final = 20  # runs, before a share of failures is judged
_MUCH: Final = 1000  # messages that wait


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """Which queues are looked at."""

    urls: str = setting("TASK_QUEUE_URLS", "", "URLs of the queues whose depth is told, with commas between")


class QueueState(msgspec.Struct, frozen=True):
    """Messages of one queue, as SQS counts them, about right: null, for a `reason`, while nobody can say."""

    waiting: int | None
    in_flight: int | None
    delayed: int | None
    reason: str | None


class TaskState(msgspec.Struct, frozen=True):
    """Runs of one kind of task. `failure_rate` is 0 to 1; of a message each delivery is a run."""

    done: int
    failed: int
    failure_rate: float | None
    per_minute: float
    timing: Timing


class WorkersOf(msgspec.Struct, frozen=True):
    """Instances of a function that took messages lately, and when the last one did (RFC 3339)."""

    seen: int
    last_seen_at: str


class TaskMonitoring(msgspec.Struct, frozen=True):
    """Of all instances, or of the process that answers when there is no shared store (`scope`).

    `dead_letters` are queues of messages that were given up. `waits` is how long messages had been in their queue when
    a worker first took them, by queue, and `workers` who took some, by function. `oldest_task_seconds` is how long the
    background task has waited that waits longest for a worker; null when none does, or nobody can say.
    `recommendations` name what to look at, and why.
    """

    scope: Literal["all instances", "this process"]
    minutes: int
    queues: dict[str, QueueState]
    dead_letters: dict[str, QueueState]
    waits: dict[str, Timing]
    oldest_task_seconds: float | None
    tasks: dict[str, TaskState]
    workers: dict[str, WorkersOf]
    recommendations: list[str]


def task_monitoring(
    minutes: int, ledger: Ledger | None = None, queues: Queues | None = None, workers: Workers | None = None
) -> TaskMonitoring:
    """The last minutes, the running one included, and queues as they are. Raises StoreUnavailable."""
    ledger = ledger or shared_ledger()
    states = queue_states(queues)
    waiting = {name: each for name, each in states.items() if not name.endswith(_DEAD)}
    dead = {name: each for name, each in states.items() if name.endswith(_DEAD)}
    figures = ledger.lately(METRICS, minutes)
    tasks = _tasks(figures, minutes)
    seen = _workers((workers or shared_workers()).seen(minutes))
    return TaskMonitoring(
        scope="all instances" if ledger.shared else "this process",
        minutes=minutes,
        queues=waiting,
        dead_letters=dead,
        oldest_task_seconds=_oldest_seconds(),
        waits={name: timing(each) for name, each in by_name(figures, QUEUE_WAIT).items()},
        tasks=tasks,
        workers=seen,
        recommendations=[*_of_dead(dead), *_of_waiting(waiting), *_of_tasks(tasks), *_of_workers(waiting, seen)],
    )


def queue_states(queues: Queues | None = None) -> dict[str, QueueState]:
    """Every queue that the environment names, all asked at once, by its name without the stack's."""
    store = load(StoreSettings)
    urls = [each for each in load(QueueSettings).urls.split(",") if each]
    if not urls:
        return {}
    asking = queues or _shared_queues()
    jobs = {url: (lambda url=url: asking.depth(url)) for url in urls}
    told = run_all(jobs, Deadline.after(SystemClock(), _ASK_SECONDS))
    prefix = f"{store.table_prefix}-"
    return {url.rpartition("/")[2].removeprefix(prefix): _state(told[url]) for url in urls}


def _state(told: Outcome[Depth]) -> QueueState:
    if told.value is not None:
        return QueueState(*told.value, reason=None)
    return QueueState(None, None, None, reason=str(told.error or f"no answer within {_ASK_SECONDS:g} s"))


def _oldest_seconds() -> float | None:
    try:
        since = queued_since()
    except TableUnavailable as error:
        _log.warning("oldest_task_unknown", extra={"error": str(error)})
        return None
    return None if since is None else max(0.0, round((SystemClock().now() - since).total_seconds(), 1))


def _workers(seen: Iterable[Seen]) -> dict[str, WorkersOf]:
    told: dict[str, list[Seen]] = {}
    for each in seen:
        told.setdefault(each.function, []).append(each)
    return {name: WorkersOf(len(each), rfc3339(max(one.at for one in each))) for name, each in sorted(told.items())}


def _tasks(figures: Figures, minutes: int) -> dict[str, TaskState]:
    told: dict[str, dict[str, Sketch]] = {}
    for (task, outcome), sketch in by_labels(figures.sketches, TASK_SECONDS.name):
        told.setdefault(task, {})[outcome] = sketch
    return {task: _task(each, minutes) for task, each in told.items()}


def _task(by_outcome: Mapping[str, Sketch], minutes: int) -> TaskState:
    done, failed = (by_outcome[each].count if each in by_outcome else 0 for each in ("done", "failed"))
    runs = done + failed
    return TaskState(
        done=done,
        failed=failed,
        failure_rate=round(failed / runs, 4) if runs else None,
        per_minute=round(runs / minutes, 2),
        timing=timing(merged(by_outcome.values())),
    )


def _of_dead(dead: Mapping[str, QueueState]) -> list[str]:
    return [
        f"{name}: {each.waiting:,} given up; the log has why, `aws sqs start-message-move-task` has them tried again"
        for name, each in dead.items()
        if each.waiting
    ]


def _of_waiting(queues: Mapping[str, QueueState]) -> list[str]:
    return [f"{name}: {each.waiting:,} wait" for name, each in queues.items() if (each.waiting or 0) >= _MUCH]


def _of_tasks(tasks: Mapping[str, TaskState]) -> list[str]:
    return [
        f"{name}: {each.failure_rate:.1%} of runs fail; the log has each with its correlation_id"
        for name, each in tasks.items()
        if each.failure_rate is not None and each.done + each.failed >= _ENOUGH and each.failure_rate > _MANY_FAILURES
    ]


def _of_workers(queues: Mapping[str, QueueState], seen: Mapping[str, WorkersOf]) -> list[str]:
    waits = [name for name, each in queues.items() if each.waiting]
    return [] if seen or not waits else [f"{', '.join(waits)}: no worker took a message in all this time"]


@before_snapshot
@lru_cache(maxsize=1)
def _shared_queues() -> Queues:
    return Queues(load(StoreSettings))
