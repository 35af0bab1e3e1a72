"""What a schedule hands to a queue of tasks each time it is due, and the one task that comes of each time."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from brightspot.core import codec
from brightspot.core.clock import rfc3339
from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import kind_of
from brightspot.store import Message
from brightspot.store.worker import message_context, read_message
from brightspot.tasks.shapes import NewTask, TaskConfig, TaskPriority
from brightspot.tasks.submission import submit_all

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


_log = logging.getLogger(__name__)
_decoder: Final = msgspec.json.Decoder(Message[Firing])


def firing_text(firing: Firing) -> str:
    """The text of a schedule: the message of each time, with what Scheduler is to fill in."""
    key = f"{firing.schedule} {firing.due}"
    return codec.dumps(Message(schema_version=1, key=key, correlation_id=firing.execution, body=firing)).decode()


def is_firing(text: str) -> bool:
    """Whether a message is a schedule's: no other of a queue of tasks has this member."""
    return '"schedule":' in text


def firing_in(text: str) -> Firing:
    """What the text of a schedule says. Raises msgspec.DecodeError for any other."""
    return _decoder.decode(text).body


def fired(record: dict[str, Any]) -> bool:
    """Whether the task of a schedule's message is submitted by now; it must come again where it is not."""
    message = read_message(record, _decoder)
    if message is None:
        return False
    if message.correlation_id == _EXECUTION:
        message = msgspec.structs.replace(message, correlation_id=None)
    with message_context(record, message) as entered:
        try:
            task_id = submit_fired(message.body, int(record["attributes"]["SentTimestamp"]))
        except BrightspotError as error:
            entered.fail(kind_of(error).name)
            _log.exception("schedule_failed", extra={"schedule": message.body.schedule})
            return False
        _log.info("schedule_fired", extra={"schedule": message.body.schedule, "task": task_id})
    return True


def submit_fired(firing: Firing, sent_at: int) -> str:
    """Submit the task of one time that a schedule was due: delivered again, it is the same task.

    An emulator may fill nothing in. Its messages are known by the minute in which they were sent (`sent_at`, epoch
    milliseconds), for no schedule is due twice in one.
    """
    due = rfc3339(sent_at // 60_000 * 60) if firing.due == _DUE else firing.due
    config = TaskConfig(
        priority=firing.priority,
        max_retries=firing.max_retries,
        tenant=firing.tenant,
        key=f"schedule {firing.schedule} {due}",
    )
    (task_id,) = submit_all([NewTask(firing.task, firing.args, firing.kwargs, config)])
    return task_id
