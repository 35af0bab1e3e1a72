"""The shapes of tasks: what callers send, what they see of a task, and what its messages carry."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

import msgspec

State = Literal["waiting", "scheduled", "queued", "running", "done", "failed", "cancelled", "skipped"]
OnFailed = Literal["fail", "skip", "run"]


class TaskPriority(StrEnum):
    """Each has a queue of its own, and workers of its own."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class TaskId(str):
    """The id of a task (a ULID), which may be awaited too: `await submit_task(...)` is the id."""

    __slots__ = ()

    def __await__(self) -> "Generator[Any, None, TaskId]":
        return self
        yield  # what makes this a generator, which is what an awaitable has


@dataclass(frozen=True, slots=True)
class TaskConfig:
    """How one run of a task is to be done; None is what the task itself says.

    `depends_on` has ids of tasks, or names, which mean the newest run of that name. What becomes of this task when one
    of those does not end as done is `on_failed_dependency`. The same name, tenant and `key` are the same task.
    """

    priority: TaskPriority | None = None
    depends_on: Sequence[str] = ()
    max_retries: int | None = None
    delay_seconds: float = 0.0
    timeout_seconds: float | None = None
    key: str | None = None
    on_failed_dependency: OnFailed = "fail"
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to submit. `label` is what others of the same call may name in their `depends_on`."""

    name: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    config: TaskConfig = field(default_factory=TaskConfig)
    label: str | None = None


class TaskAttempt(msgspec.Struct, frozen=True):
    """One attempt that failed, counted from 1: when it ended, and what it ended with."""

    attempt: int
    at: str
    error: str


class TaskProgress(msgspec.Struct, frozen=True):
    """How far a task says it has come."""

    done: int
    total: int


class TaskFailure(msgspec.Struct, frozen=True):
    """Why a task did not end as done: the kind of error, and a sentence."""

    error: str
    reason: str


class TaskStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One task as it is now; times are RFC 3339.

    `waits_for` counts the dependencies that have not ended; `attempt` counts from 1, 0 before the first. `attempts`
    are those that failed, the latest twenty.
    """

    id: str
    name: str
    state: State
    priority: TaskPriority
    tenant: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    attempt: int
    max_attempts: int
    attempts: list[TaskAttempt]
    depends_on: list[str]
    waits_for: int
    progress: TaskProgress | None
    result: Any
    error: TaskFailure | None


class TaskPage(msgspec.Struct, frozen=True):
    """Tasks, the newest first; `next_cursor` asks for the page after this one and is None on the last."""

    tasks: list[TaskStatus]
    next_cursor: str | None


class TaskRef(msgspec.Struct, frozen=True):
    """The body of a task's message: all else stands in the table."""

    id: str
    name: str


class DeadTask(msgspec.Struct, frozen=True):
    """The body of a dead letter: which task failed for good, at its how manieth redrive (0: none), and why."""

    id: str
    name: str
    run: int
    error: str
    reason: str


class Redriven(msgspec.Struct, frozen=True):
    """Dead letters that were looked at, tasks that were queued anew, and letters whose task had no need of it."""

    examined: int
    redriven: int
    left: int
