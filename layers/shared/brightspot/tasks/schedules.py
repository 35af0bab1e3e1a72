"""Tasks that are due again and again, by cron: made, listed, paused and deleted as schedules of EventBridge Scheduler.

await schedule_periodic("0 2 * * *", "database_optimization", "app.tasks.maintenance.optimize_database")
"""

import re
from collections.abc import Generator, Sequence
from functools import cache
from typing import Any, Final, Literal

import msgspec

from brightspot.core.clock import rfc3339
from brightspot.core.errors import Conflict, InputRefused, NotFound
from brightspot.core.settings import load
from brightspot.store import ScheduleUnavailable, StoreSettings, decode_cursor, encode_cursor
from brightspot.store.scheduler import Scheduled, Scheduler, SchedulerSettings
from brightspot.tasks.cron import known_time_zone, scheduler_expressions
from brightspot.tasks.firing import Firing, firing_in, firing_text
from brightspot.tasks.registry import found
from brightspot.tasks.settings import TaskSettings
from brightspot.tasks.shapes import TaskConfig, TaskPriority

MOST_SCHEDULES: Final = 100  # of a page: each is a call
DEFAULT_SCHEDULES: Final = 20
_NAME: Final = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_-]{0,54}"
)  # with what stands before and behind it, below Scheduler's 64
_BEFORE: Final = "cron."
_SECOND: Final = ".2"  # of days that fit either of two fields, those by weekday
_LISTING: Final = "schedules"
_MOST_BYTES: Final = 65_536


class ScheduleName(str):
    """The name of a schedule, which may be awaited too."""

    __slots__ = ()

    def __await__(self) -> "Generator[Any, None, ScheduleName]":
        return self
        yield  # what makes this a generator, which is what an awaitable has


class TaskSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """A task that is submitted whenever `cron` is due in `timezone`; `expressions` say the same to Scheduler.

    `priority` and `max_retries` are null where the task's own hold.
    """

    name: str
    task: str
    cron: str
    timezone: str
    args: Sequence[Any]
    kwargs: dict[str, Any]
    priority: TaskPriority | None
    max_retries: int | None
    state: Literal["active", "paused"]
    expressions: list[str]
    created_at: str


class SchedulePage(msgspec.Struct, frozen=True):
    """Schedules by their names; `next_cursor` asks for the page after this one and is None on the last."""

    schedules: list[TaskSchedule]
    next_cursor: str | None


class ScheduleDeleted(msgspec.Struct, frozen=True):
    """A schedule that is gone. Tasks that it submitted go on."""

    deleted: str


class Schedules:
    """The schedules of tasks. A cron of two expressions is two of Scheduler's; the first one stands for both.

    All methods raise ScheduleUnavailable; those with a name raise NotFound when there is none of it.
    """

    def __init__(self, scheduler: Scheduler, queues: TaskSettings) -> None:
        self._scheduler = scheduler
        self._queues = {"high": queues.high_url, "normal": queues.normal_url, "low": queues.low_url}

    def add(self, firing: Firing) -> TaskSchedule:
        """Make a schedule; one that is there already and does the same stays as it is.

        Raises InputRefused for what cannot be scheduled, Conflict when there is another of its name.
        """
        expressions = scheduler_expressions(firing.cron)
        known_time_zone(firing.time_zone)
        if not _NAME.fullmatch(firing.schedule):
            raise InputRefused("name", "send 1 to 55 letters, digits, - and _, beginning with a letter or digit")
        text = _text(firing)
        # The last one first: where the first is, all are.
        for name, expression in reversed([*zip(_names(firing.schedule), expressions, strict=False)]):
            try:
                self._scheduler.recur(name, expression, firing.time_zone, self._queue(firing), text)
            except Conflict as error:
                raise Conflict(f"schedule {firing.schedule} does something else; delete it first") from error
        return self.find(firing.schedule)

    def find(self, name: str) -> TaskSchedule:
        """The schedule of this name."""
        first = self._scheduler.find(_names(name)[0]) if _NAME.fullmatch(name) else None
        if first is None:
            raise NotFound("there is no such schedule; GET /api/v1/schedules lists those that there are")
        return _told(first)

    def listed(self, limit: int = DEFAULT_SCHEDULES, cursor: str | None = None) -> SchedulePage:
        """A page of them. Raises InputRefused for a cursor that is none."""
        after = "" if cursor is None else decode_cursor(_LISTING, cursor)
        names = [each for each in self._scheduler.names(_BEFORE) if not each.endswith(_SECOND) and each > after]
        page = names[:limit]
        schedules = [_told(each) for name in page if (each := self._scheduler.find(name)) is not None]
        return SchedulePage(schedules, encode_cursor(_LISTING, page[-1]) if len(names) > limit else None)

    def switch(self, name: str, state: Literal["active", "paused"]) -> TaskSchedule:
        """Pause it, or let it go on; what was due while it was paused is left out."""
        for each in self._parts(name):
            self._scheduler.enable(each, enabled=state == "active")
        return self.find(name)

    def remove(self, name: str) -> ScheduleDeleted:
        """Delete it."""
        for each in reversed(self._parts(name)):
            self._scheduler.remove(each)
        return ScheduleDeleted(name)

    def _parts(self, name: str) -> Sequence[str]:
        return _names(name)[: len(self.find(name).expressions)]

    def _queue(self, firing: Firing) -> str:
        task = found(firing.task)
        return self._queues[firing.priority or (TaskPriority.NORMAL if task is None else task.priority)]


def schedule_periodic(
    cron: str,
    name: str,
    *args: Any,
    config: TaskConfig | None = None,
    schedule: str | None = None,
    timezone: str = "UTC",
    **kwargs: Any,
) -> ScheduleName:
    """Submit a task whenever cron is due: `name` and the arguments are those of `submit_task`.

    The schedule is called as its task is, unless it has a name of its own: `schedule`. Of `config` its priority, tries
    and tenant hold. Raises InputRefused, Conflict, and ScheduleUnavailable without a Scheduler.
    """
    how = config or TaskConfig()
    firing = Firing(
        schedule=schedule or name,
        cron=cron,
        time_zone=timezone,
        task=name,
        args=args,
        kwargs=kwargs,
        priority=how.priority,
        max_retries=how.max_retries,
        tenant=how.tenant,
    )
    return ScheduleName(shared_schedules().add(firing).name)


@cache
def shared_schedules() -> Schedules:
    """The schedules of the group that the environment names. Raises Conflict when it names none."""
    settings = load(SchedulerSettings)
    if not settings.group:
        raise Conflict("there is no Scheduler here: SCHEDULE_GROUP names none, as it does where the stack is deployed")
    return Schedules(Scheduler(settings, load(StoreSettings)), load(TaskSettings))


def _names(schedule: str) -> tuple[str, str]:
    return f"{_BEFORE}{schedule}", f"{_BEFORE}{schedule}{_SECOND}"


def _text(firing: Firing) -> str:
    try:
        text = firing_text(firing)
    except (TypeError, ValueError, msgspec.MsgspecError) as error:
        raise InputRefused("args", f"an argument is no JSON ({error}); send its id, or its text") from error
    if len(text) > _MOST_BYTES:
        raise InputRefused("args", f"more than {_MOST_BYTES} bytes of JSON; put them into S3, and send where they are")
    return text


def _told(scheduled: Scheduled) -> TaskSchedule:
    try:
        firing = firing_in(scheduled.text)
    except msgspec.DecodeError as error:
        raise ScheduleUnavailable(f"schedule {scheduled.name} is none of ours: {error}") from error
    return TaskSchedule(
        name=firing.schedule,
        task=firing.task,
        cron=firing.cron,
        timezone=firing.time_zone,
        args=firing.args,
        kwargs=dict(firing.kwargs),
        priority=firing.priority,
        max_retries=firing.max_retries,
        state="active" if scheduled.enabled else "paused",
        expressions=[*scheduler_expressions(firing.cron)],
        created_at=rfc3339(scheduled.created_at),
    )
