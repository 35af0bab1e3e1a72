"""Maintenance tasks are run here, one run of each at a time, and their runs are told."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

import msgspec

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.errors import Conflict, InputRefused, NotFound
from brightspot.core.snapshots import before_snapshot
from brightspot.operations.upkeep.kept import Runs, shared_runs
from brightspot.operations.upkeep.registry import TASKS, MaintenanceTask
from brightspot.operations.upkeep.run import MaintenanceRun, Outcome, StartedBy, TaskHold
from brightspot.operations.upkeep.work import Work, perform
from brightspot.resilience import Deadline
from brightspot.store import decode_cursor, encode_cursor
from brightspot.telemetry import current_context

DEFAULT_RUNS: Final = 20
MOST_RUNS: Final = 100
_MARGIN: Final = timedelta(seconds=15)  # for the call under way at the deadline, and to record the end
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Started:
    """Who began a run; `execution` is the same for each try of one execution of a schedule."""

    by: StartedBy = "hand"
    who: str | None = None
    execution: str | None = None


class MaintenanceTaskState(msgspec.Struct, frozen=True):
    """A task, when it is due (UTC), and its last run; null when it never ran."""

    name: str
    text: str
    cron: str
    last_run: MaintenanceRun | None


class MaintenanceTasks(msgspec.Struct, frozen=True):
    """Every maintenance task there is."""

    count: int
    tasks: list[MaintenanceTaskState]


class MaintenanceRuns(msgspec.Struct, frozen=True):
    """Runs of one task, the latest first. `next_cursor` is null on the last page."""

    count: int
    runs: list[MaintenanceRun]
    next_cursor: str | None


class Upkeep:
    """Safe to share between threads. Raises TableUnavailable where runs cannot be kept or read."""

    def __init__(self, runs: Runs, clock: Clock, tasks: Mapping[str, MaintenanceTask] = TASKS) -> None:
        self._runs = runs
        self._clock = clock
        self._tasks = tasks

    def run(
        self, name: str, deadline: Deadline, *, dry_run: bool = False, started: Started | None = None
    ) -> MaintenanceRun:
        """Run a task until it is through or the deadline comes; the next run goes on from there.

        An execution that came to its end before is told, and not run again. Raises NotFound for a name that no task
        has, Conflict while another run of it is under way, and what the task raises, once that is recorded.
        """
        task, started = self._task(name), started or Started()
        hold, version = self._runs.hold(name)
        before = self._of_execution(name, hold, started)
        if before is not None and before.outcome in {"done", "stopped"}:
            return before
        run = self._begun(task, deadline, started, before, dry_run=dry_run)
        held = self._take(hold, version, run, started)
        self._runs.keep(run)
        work = Work(deadline, self._clock, dry_run=dry_run)
        try:
            stopped = perform(task.steps(), work, hold.position)
        except Exception as error:
            self._end(held, work, "failed", error=f"{type(error).__name__}: {error}")
            raise
        return self._end(held, work, "done" if stopped is None else "stopped", stopped=stopped)

    def tasks(self) -> MaintenanceTasks:
        """Each task with its last run."""
        states = [
            MaintenanceTaskState(each.name, each.text, each.cron, self.last_run(each.name))
            for each in self._tasks.values()
        ]
        return MaintenanceTasks(len(states), states)

    def last_run(self, name: str) -> MaintenanceRun | None:
        """The last run of a task, dry or not."""
        return next((each.seen(self._clock.now()) for each in self._runs.newest(name, 1)), None)

    def history(self, name: str, limit: int = DEFAULT_RUNS, cursor: str | None = None) -> MaintenanceRuns:
        """A page of a task's runs. Raises NotFound for a name that no task has, InputRefused for another's cursor."""
        listing = f"maintenance {self._task(name).name}"
        try:
            below = None if cursor is None else datetime.fromisoformat(decode_cursor(listing, cursor))
        except (NotFound, ValueError) as error:
            raise InputRefused("cursor", "send the next_cursor of the page before, or leave it out") from error
        found = [each.seen(self._clock.now()) for each in self._runs.newest(name, limit + 1, below)]
        more = encode_cursor(listing, found[limit - 1].started_at.isoformat()) if len(found) > limit else None
        return MaintenanceRuns(len(found[:limit]), found[:limit], more)

    def _task(self, name: str) -> MaintenanceTask:
        if name not in self._tasks:
            raise NotFound(f"no maintenance task is called {name[:40]!r}; there are {', '.join(self._tasks)}")
        return self._tasks[name]

    def _of_execution(self, name: str, hold: TaskHold, started: Started) -> MaintenanceRun | None:
        """The run that an earlier try of the same execution began."""
        if started.execution is None or started.execution != hold.execution or hold.execution_run is None:
            return None
        return self._runs.read(name, hold.execution_run)

    def _begun(
        self,
        task: MaintenanceTask,
        deadline: Deadline,
        started: Started,
        before: MaintenanceRun | None,
        *,
        dry_run: bool,
    ) -> MaintenanceRun:
        now = self._clock.now()
        return MaintenanceRun(
            task=task.name,
            started_at=now if before is None else before.started_at,
            outcome="running",
            dry_run=dry_run,
            started_by=started.by,
            who=started.who,
            attempt=1 if before is None else before.attempt + 1,
            ends_by=now + timedelta(seconds=deadline.remaining()) + _MARGIN,
        )

    def _take(self, hold: TaskHold, version: int, run: MaintenanceRun, started: Started) -> "_Held":
        """Hold the task for this run. Raises Conflict while another run holds it, or was faster."""
        busy = hold.running is not None and hold.until is not None and hold.until > self._clock.now()
        taken = msgspec.structs.replace(hold, running=run.started_at, until=run.ends_by)
        if started.execution is not None:
            taken = msgspec.structs.replace(taken, execution=started.execution, execution_run=run.started_at)
        if busy or not self._runs.keep_hold(run.task, taken, version):
            raise Conflict(f"a run of {run.task} is under way; wait until it has ended")
        return _Held(run, taken, version + 1, self._clock.monotonic())

    def _end(
        self, held: "_Held", work: Work, outcome: Outcome, *, stopped: str | None = None, error: str | None = None
    ) -> MaintenanceRun:
        """Record the end and give the task back. What failed begins where it began; a dry run moves nothing."""
        ended = msgspec.structs.replace(
            held.run,
            outcome=outcome,
            finished_at=self._clock.now(),
            seconds=round(self._clock.monotonic() - held.begun, 3),
            counts=work.counts,
            position=stopped,
            notes=work.notes,
            facts=work.facts,
            error=error,
        )
        self._runs.keep(ended)
        position = held.hold.position if work.dry_run or error is not None else stopped or ""
        free = msgspec.structs.replace(held.hold, running=None, until=None, position=position)
        given_back = self._runs.keep_hold(ended.task, free, held.version)
        told = {"task": ended.task, "outcome": outcome, "dry_run": ended.dry_run, "seconds": ended.seconds}
        counts = {what: msgspec.structs.asdict(each) for what, each in work.counts.items()}
        level = logging.INFO if error is None and given_back else logging.WARNING
        _log.log(level, "maintenance_ran", extra={**told, "error": error, "counts": counts, "in_time": given_back})
        return ended


class _Held(NamedTuple):
    """A run that holds its task: what the task's hold is now, at which version, and when it began."""

    run: MaintenanceRun
    hold: TaskHold
    version: int
    begun: float


@before_snapshot
@lru_cache(maxsize=1)
def shared_upkeep() -> Upkeep:
    """The one of this process, over the table that the environment names."""
    return Upkeep(shared_runs(), SystemClock())


def scheduled_tasks() -> Mapping[str, Callable[[Deadline], Mapping[str, Any]]]:
    """Every task by its name as its schedule runs it; what it tells is what came of the run."""
    return {name: partial(_scheduled, name) for name in TASKS}


def _scheduled(name: str, deadline: Deadline) -> Mapping[str, Any]:
    execution = current_context().correlation_id
    run = shared_upkeep().run(name, deadline, started=Started("schedule", None, execution))
    counts = {what: msgspec.structs.asdict(each) for what, each in run.counts.items()}
    return {"outcome": run.outcome, "counts": counts, "notes": run.notes}
