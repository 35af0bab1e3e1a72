"""What a schedule hands to a queue of tasks each time it is due, and the one task that comes of each time."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from brightspot.core import codec
from brightspot.store import Message
from brightspot.tasks.shapes import NewTask, TaskConfig, TaskId, TaskPriority

# What Scheduler fills in when a schedule is due: docs.aws.amazon.com, "Adding context attributes". The execution's id
# is another at each try to deliver; the time is the same.
_DUE: Final = "<aws.scheduler.scheduled-time>"
_EXECUTION: Final = "<aws.scheduler.execution-id>"


class Firing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of a schedule's message: what it is called, when it is due by cron, which task it submits, and how.

    `due` is the time that it was due at this time.
    """

    schedule: str
    cron: str
    time_zone: str
    task: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = {}
    priority: TaskPriority | None = None
    max_retries: int | None = None
    tenant: str = ""
    due: str = _DUE
    execution: str = _EXECUTION


_decoder: Final = msgspec.json.Decoder(Message[Firing])


def firing_text(firing: Firing) -> str:
    """The text of a schedule: the message of each time, with what Scheduler is to fill in."""
    key = f"{firing.schedule} {firing.due}"
    return codec.dumps(Message(schema_version=1, key=key, correlation_id=firing.execution, body=firing)).decode()


def firing_in(text: str) -> Firing:
    """What such a text says. Raises msgspec.DecodeError for any other."""
    return _decoder.decode(text).body


def submit_fired(firing: Firing, sent_at: datetime) -> TaskId:
    """Submit the task of one time that a schedule was due: delivered again, it is the same task.

    An emulator may fill nothing in. Its messages are known by the minute in which they were sent: no schedule is due
    twice in one. Raises what `submit_all` raises.
    """
    from brightspot.tasks.submission import submit_all  # noqa: PLC0415  # who makes a schedule need not submit

    due = sent_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00Z") if firing.due == _DUE else firing.due
    config = TaskConfig(
        priority=firing.priority,
        max_retries=firing.max_retries,
        tenant=firing.tenant,
        key=f"schedule {firing.schedule} {due}",
    )
    (task_id,) = submit_all([NewTask(firing.task, firing.args, firing.kwargs, config)])
    return task_id
