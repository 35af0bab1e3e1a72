"""What operators ask of tasks and their schedules: any task by its name, with what it is to be given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, Final, Literal

from brightspot.core.errors import InputRefused, NotFound
from brightspot.tasks import (
    NewTask,
    Redriven,
    State,
    TaskConfig,
    TaskPage,
    TaskPriority,
    TaskStatus,
    cancel_task,
    redrive_dead_letters,
    redrive_task,
    submit_all,
    task_status,
    tasks_listed,
)
from brightspot.tasks.firing import Firing
from brightspot.tasks.registry import task_names
from brightspot.tasks.schedules import Schedules, TaskSchedule, shared_schedules

TASK_MODULES: Final = ("brightspot.tasks.own", "brightspot.operations.reports.job")
"""The modules whose tasks may be submitted by name; steps of jobs are submitted by jobs."""

Urgency = Literal["high", "normal", "low"]


@dataclass(frozen=True, slots=True)
class TaskAsked:
    """A task to submit: its name, its arguments, and how it is to be done."""

    name: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    priority: Urgency | None = None
    delay_seconds: float = 0.0
    depends_on: Sequence[str] = ()
    key: str | None = None
    max_retries: int | None = None
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleAsked:
    """A schedule to make: which task it submits, whenever cron is due in a time zone."""

    name: str
    cron: str
    task: str
    timezone: str = "UTC"
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    priority: Urgency | None = None
    max_retries: int | None = None
    tenant: str = ""


class TaskDesk:
    """Raises AwsUnavailable where tables, queues or schedules cannot be reached, NotFound for what is not there."""

    def listed(self, name: str | None, state: State | None, limit: int, cursor: str | None) -> TaskPage:
        """Tasks, the newest first. Raises InputRefused for a cursor that is none."""
        return tasks_listed(name, state, limit=limit, cursor=cursor)

    def find(self, task_id: str) -> TaskStatus:
        """One task as it is now."""
        found = task_status(task_id)
        if found is None:
            raise NotFound("there is no such task; it was never submitted, or is forgotten since")
        return found

    def submit(self, asked: TaskAsked) -> TaskStatus:
        """Submit a task. Raises InputRefused for one that nobody knows, and for arguments that it does not take."""
        _known("name", asked.name)
        config = TaskConfig(
            priority=_priority(asked.priority),
            depends_on=asked.depends_on,
            max_retries=asked.max_retries,
            delay_seconds=asked.delay_seconds,
            key=asked.key,
            tenant=asked.tenant,
        )
        (task_id,) = submit_all([NewTask(asked.name, asked.args, asked.kwargs, config)])
        return self.find(task_id)

    def cancel(self, task_id: str) -> TaskStatus:
        """Cancel it. Raises Conflict when it has ended."""
        return cancel_task(task_id)

    def redrive(self, task_id: str) -> TaskStatus:
        """Have a task that failed tried anew. Raises Conflict when it did not fail."""
        return redrive_task(task_id)

    def redrive_all(self, priority: Urgency | None, limit: int) -> Redriven:
        """Have tasks that failed for good tried anew, as many as `limit`."""
        return redrive_dead_letters(_priority(priority), limit)

    def schedules(self) -> Schedules:
        """Those that there are. Raises Conflict where there is no Scheduler."""
        return shared_schedules()

    def schedule(self, asked: ScheduleAsked) -> TaskSchedule:
        """Make a schedule. Raises InputRefused, and Conflict when there is another of its name."""
        _known("task", asked.task)
        firing = Firing(
            schedule=asked.name,
            cron=asked.cron,
            time_zone=asked.timezone,
            task=asked.task,
            args=asked.args,
            kwargs=asked.kwargs,
            priority=_priority(asked.priority),
            max_retries=asked.max_retries,
            tenant=asked.tenant,
        )
        return shared_schedules().add(firing)


@cache
def task_desk() -> TaskDesk:
    """The desk of this process."""
    return TaskDesk()


def _known(field_name: str, task: str) -> None:
    for each in TASK_MODULES:
        import_module(each)
    names = task_names()
    if task not in names:
        raise InputRefused(field_name, f"there is no task {task!r}; send one of {', '.join(names)}")


def _priority(text: Urgency | None) -> TaskPriority | None:
    return None if text is None else TaskPriority(text)
