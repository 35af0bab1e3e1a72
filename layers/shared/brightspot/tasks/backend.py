"""The tasks of this process: a table and queues where there are both, else memory and this process's own work."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from random import Random, SystemRandom

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot
from brightspot.resilience.deadline import Deadline
from brightspot.store import Outbox, StoreSettings
from brightspot.store.scheduler import Scheduler, SchedulerSettings
from brightspot.tasks.attempts import Attempts
from brightspot.tasks.backoff import Backoff
from brightspot.tasks.claims import Claims
from brightspot.tasks.delays import Delays
from brightspot.tasks.dispatch import Dispatch, OwnDispatch, QueueDispatch
from brightspot.tasks.ends import Ends
from brightspot.tasks.event import Delivery
from brightspot.tasks.letters import Letters
from brightspot.tasks.memory import MemoryTable
from brightspot.tasks.orders import Orders
from brightspot.tasks.planting import Planting
from brightspot.tasks.releases import Releases
from brightspot.tasks.rows import Head, TaskTable
from brightspot.tasks.settings import TaskSettings
from brightspot.tasks.shapes import Redriven, State, TaskPage, TaskPriority, TaskStatus
from brightspot.tasks.statuses import DEFAULT_LISTED, Statuses, status_of
from brightspot.tasks.submitter import Submitter
from brightspot.tasks.upkeep import Forgotten, Resent, Upkeep
from brightspot.tasks.worker import Worker

_OWN_SECONDS = 900.0  # for all that is due at once, where this process does its own tasks
_delays: list[Delays] = []


@dataclass(frozen=True, slots=True)
class Tasks:
    """All that is done with tasks, wired together. `own` is set where this process does them itself."""

    table: TaskTable
    submitter: Submitter
    statuses: Statuses
    orders: Orders
    letters: Letters
    upkeep: Upkeep
    worker: Worker
    own: OwnDispatch | None

    def work(self) -> None:
        """Do what is due, where nobody else would."""
        if self.own is not None:
            self.own.drain(self._handled)

    def _handled(self, head: Head) -> float | None:
        deadline = Deadline.after(SystemClock(), _OWN_SECONDS)
        return self.worker.handle([Delivery(head.id, head.id, nullcontext)], deadline).get(head.id)


@lru_cache(maxsize=1)
def shared_tasks() -> Tasks:
    """As the environment has it. Opens no connection yet."""
    settings, store, clock = load(TaskSettings), load(StoreSettings), SystemClock()
    if not (store.table_prefix and settings.high_url and settings.normal_url and settings.low_url):
        own = OwnDispatch(clock)
        return wired(MemoryTable(), own, settings, clock, own=own)
    from brightspot.tasks.table import DynamoTable  # noqa: PLC0415  # it loads pynamodb

    dispatch = QueueDispatch(Outbox(store), settings, clock, _delays[-1] if _delays else _scheduler(store))
    return wired(DynamoTable(store, SystemRandom()), dispatch, settings, clock)


def wired(
    table: TaskTable,
    dispatch: Dispatch,
    settings: TaskSettings,
    clock: Clock,
    *,
    own: OwnDispatch | None = None,
    random: Random | None = None,
) -> Tasks:
    """The parts around a table and a dispatch. Where a process does its own tasks, a next try waits for nothing."""
    random, kept = random or SystemRandom(), settings.kept_days * 86_400
    releases = Releases(table, dispatch, clock, random, kept_seconds=kept)
    backoff = Backoff(random, base_seconds=0.0 if own is not None else 1.0)
    attempts = Attempts(table, clock, backoff=backoff, kept_seconds=kept)
    worker = Worker(
        table,
        dispatch,
        clock,
        claims=Claims(table, clock, settings.lease_seconds),
        attempts=attempts,
        ends=Ends(table, attempts, random),
        releases=releases,
    )
    orders = Orders(table, dispatch, releases, clock, kept_seconds=kept)
    return Tasks(
        table=table,
        submitter=Submitter(table, dispatch, Planting(table, releases, clock), settings, clock),
        statuses=Statuses(table),
        orders=orders,
        letters=Letters(orders, settings, load(StoreSettings)),
        upkeep=Upkeep(table, dispatch, clock, kept_seconds=kept),
        worker=worker,
        own=own,
    )


def _scheduler(store: StoreSettings) -> Delays | None:
    """EventBridge Scheduler where the environment names a group of it; else delays are waited out in steps."""
    settings = load(SchedulerSettings)
    return Scheduler(settings, store) if settings.group else None


def worker() -> Worker:
    """The one behind the queues. Raises SettingsError where there are none: tasks of this process have no messages."""
    tasks = shared_tasks()
    if tasks.own is not None:
        raise SettingsError("TABLE_PREFIX is not set, or a queue of tasks is not: there are no tasks to take")
    return tasks.worker


def use_delays(delays: Delays) -> None:
    """Have messages that are due later than SQS bears sent by this, in this process, from now on."""
    _delays[:] = [delays]
    shared_tasks.cache_clear()


def task_status(task_id: str) -> TaskStatus | None:
    """A task as it is now; None when there is none with this id, or none any more. Raises TableUnavailable."""
    shared_tasks().work()
    return shared_tasks().statuses.one(task_id)


def tasks_listed(
    name: str | None = None, state: State | None = None, limit: int = DEFAULT_LISTED, cursor: str | None = None
) -> TaskPage:
    """Tasks of a name, a state, both or any, the newest first. Raises InputRefused, TableUnavailable.

    One that was submitted a moment ago may be missing, for an index lags behind.
    """
    shared_tasks().work()
    return shared_tasks().statuses.listed(name, state, limit, cursor)


def queued_since() -> datetime | None:
    """Since when a task waits for a worker, the one that waits longest; None when none does. Raises TableUnavailable.

    It is one of the first four hundred that were submitted, as an index has it: a moment old.
    """
    since = shared_tasks().statuses.queued_since()
    return None if since is None else datetime.fromtimestamp(since / 1000, UTC)


def cancel_task(task_id: str) -> TaskStatus:
    """Cancel a task, or tell one that runs to stop. Raises NotFound, Conflict when it has ended; AwsUnavailable."""
    head = shared_tasks().orders.cancel(task_id)
    shared_tasks().work()
    return status_of(head)


def redrive_task(task_id: str) -> TaskStatus:
    """Queue a task anew that failed, with all its attempts. Raises NotFound, Conflict when it has not; AwsUnavailable.

    What failed or was skipped because of it waits for it again. Its dead letter stays until it is redriven as well.
    """
    head = shared_tasks().orders.redrive(task_id)
    shared_tasks().work()
    return status_of(head)


def redrive_dead_letters(priority: TaskPriority | None = None, limit: int = 100) -> Redriven:
    """Take dead letters from their queue, at most `limit`, and have their tasks done anew. Raises AwsUnavailable."""
    redriven = shared_tasks().letters.redrive(priority, limit)
    shared_tasks().work()
    return redriven


def forget_finished_tasks(deadline: Deadline, *, dry_run: bool = False) -> Forgotten:
    """Delete tasks that ended longer ago than TASK_RETENTION_DAYS; a dry run says how many. Raises TableUnavailable."""
    return shared_tasks().upkeep.forget(deadline, dry_run=dry_run)


def resend_lost_tasks(deadline: Deadline, *, dry_run: bool = False) -> Resent:
    """Send tasks again that no worker may know of; a dry run says how many. Raises AwsUnavailable."""
    return shared_tasks().upkeep.resend(deadline, dry_run=dry_run)


@before_snapshot
def _prepare() -> None:
    shared_tasks()
