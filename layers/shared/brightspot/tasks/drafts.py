"""A task before it is in the table: what was asked for is checked, and becomes a row."""

from datetime import datetime
from typing import Final

from brightspot.core.errors import InputRefused
from brightspot.tasks.registry import BackgroundTask, found, split_address
from brightspot.tasks.rows import Head, shelf_of
from brightspot.tasks.shapes import NewTask, State, TaskPriority
from brightspot.tasks.spec import Spec, milliseconds, packed_spec, told
from brightspot.telemetry import current_context

_MOST_DELAY_SECONDS: Final = 366 * 86_400.0
_MOST_RETRIES: Final = 20
_MOST_TIMEOUT_SECONDS: Final = 900.0  # a Lambda function's own
_MOST_DEPENDENCIES: Final = 1_000
_LONGEST: Final = 200  # characters of a name or a key


def spec_of(task: NewTask, now: datetime) -> Spec:
    """What was submitted, but for the ids of its dependencies. Raises InputRefused for what can never be done."""
    path, args = split_address(task.args)
    known = found(task.name, path)
    if known is not None and (misfit := known.misfit(args, task.kwargs)) is not None:
        raise InputRefused("args", misfit)
    _check(task)
    spec = Spec(
        at=told(milliseconds(now)) or "",
        args=args,
        kwargs=dict(task.kwargs),
        path=path,
        timeout=task.config.timeout_seconds,
        tenant=task.config.tenant,
        correlation_id=current_context().correlation_id,
    )
    packed_spec(spec, task.name)  # refused before anything is written
    return spec


def head_of(task: NewTask, task_id: str, spec: bytes, waits: int, now: datetime, *, retries: int) -> Head:
    """A task's row; `retries` is for a task that says none."""
    known, config, at = found(task.name), task.config, milliseconds(now)
    due = at + round(config.delay_seconds * 1000) if config.delay_seconds else 0
    state: State = "waiting" if waits else "scheduled" if due else "queued"
    return Head(
        id=task_id,
        name=task.name,
        state=state,
        shelf=shelf_of(state, task_id),
        since=at,
        priority=config.priority or (known.priority if known is not None else TaskPriority.NORMAL),
        policy=config.on_failed_dependency,
        waits=waits,
        most=1 + _retries(task, known, retries),
        due=due,
        spec=spec,
    )


def _retries(task: NewTask, known: BackgroundTask | None, retries: int) -> int:
    if task.config.max_retries is not None:
        return task.config.max_retries
    return retries if known is None or known.retries is None else known.retries


def _check(task: NewTask) -> None:
    config = task.config
    if not 0 < len(task.name) <= _LONGEST or not task.name.isprintable():
        raise InputRefused("name", f"{task.name[:40]!r} is no name of a task: send 1 to {_LONGEST} characters")
    if not 0 <= config.delay_seconds <= _MOST_DELAY_SECONDS:
        raise InputRefused("delay_seconds", f"send 0 to {_MOST_DELAY_SECONDS:.0f} seconds")
    if config.max_retries is not None and not 0 <= config.max_retries <= _MOST_RETRIES:
        raise InputRefused("max_retries", f"send 0 to {_MOST_RETRIES}")
    if config.timeout_seconds is not None and not 0 < config.timeout_seconds <= _MOST_TIMEOUT_SECONDS:
        raise InputRefused("timeout_seconds", f"send more than 0 and at most {_MOST_TIMEOUT_SECONDS:.0f} seconds")
    if len(config.depends_on) > _MOST_DEPENDENCIES:
        raise InputRefused("depends_on", f"name {_MOST_DEPENDENCIES} tasks at most")
    if config.key is not None and not 0 < len(config.key) <= _LONGEST:
        raise InputRefused("key", f"send 1 to {_LONGEST} characters")
