"""What the Lambda function behind the queues of tasks is made of: `handler = task_entry("a.module.of.tasks")`."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from importlib import import_module
from math import ceil
from typing import Any, Final

import msgspec

from brightspot.core.clock import SystemClock
from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.resilience.deadline import Deadline
from brightspot.store import AwsUnavailable, Message, Outbox, QueueUnavailable, StoreSettings
from brightspot.store.worker import message_context, read_message
from brightspot.tasks.backend import worker
from brightspot.tasks.event import Delivery
from brightspot.tasks.settings import TaskSettings
from brightspot.tasks.shapes import TaskRef
from brightspot.telemetry import configure_logs, configure_metrics, configure_tracing, flush_metrics, flush_spans

_MARGIN_SECONDS: Final = 5.0  # of an invocation, for what comes after its tasks
_DEFAULT_SECONDS: Final = 300.0  # where nobody says how long it may take
_MOST_HIDDEN_SECONDS: Final = 43_200 - 60  # docs.aws.amazon.com, SQS: "Visibility timeout", from its first receipt
_FAILED_AGAIN_SECONDS: Final = 5
_log = logging.getLogger(__name__)

_Decoder = msgspec.json.Decoder[Message[TaskRef]]
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def task_entry(*modules: str) -> Handler:
    """A handler for SQS events of tasks; importing the modules registers the tasks that it can do.

    It reports the messages that are to come again. These it hides for as long as they are to wait, and all of them for
    a lease at first: what a killed worker leaves is back then, and not when the queue's own long timeout ends.
    """
    for each in modules:
        import_module(each)
    configure_logs()
    configure_metrics()
    configure_tracing()
    decoder = msgspec.json.Decoder(Message[TaskRef])

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        try:
            failed = _handled(event["Records"], decoder, context)
        finally:
            flush_spans()
            flush_metrics()
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}

    return handler


def _handled(records: list[dict[str, Any]], decoder: "_Decoder", context: Any) -> list[str]:
    """The ids of the messages that are to come again."""
    read = {record["messageId"]: (record, read_message(record, decoder)) for record in records}
    unreadable = [each for each, (_, message) in read.items() if message is None]
    deliveries = [
        Delivery(each, message.body.id, partial(message_context, record, message))
        for each, (record, message) in read.items()
        if message is not None
    ]
    readable = [read[each.id][0] for each in deliveries]
    lease = ceil(load(TaskSettings).lease_seconds)
    _hide(readable, lease)
    try:
        again = worker().handle(deliveries, _deadline(context), partial(_hide, readable, lease))
    except (AwsUnavailable, SettingsError):
        _log.exception("tasks_not_handled", extra={"count": len(deliveries)})
        again = {each.id: float(_FAILED_AGAIN_SECONDS) for each in deliveries}
    by_seconds: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for each, seconds in again.items():
        by_seconds[min(_MOST_HIDDEN_SECONDS, ceil(seconds))].append(read[each][0])
    for wait, some in by_seconds.items():
        _hide(some, wait)
    return [*unreadable, *again]


def _hide(records: Iterable[dict[str, Any]], seconds: int) -> None:
    """Have messages shown again after some seconds; where SQS does not hear it, after what it heard before."""
    by_queue: dict[str, list[str]] = defaultdict(list)
    for record in records:
        by_queue[_url(record)].append(record["receiptHandle"])
    for url, receipts in by_queue.items():
        try:
            _outbox().put_off_all(url, receipts, seconds)
        except QueueUnavailable as error:
            _log.warning("messages_not_put_off", extra={"count": len(receipts), "error": str(error)})


def _url(record: dict[str, Any]) -> str:
    """The queue that a record is from: the end of its name is its priority."""
    settings, name = load(TaskSettings), record.get("eventSourceARN", "")
    return {"high": settings.high_url, "low": settings.low_url}.get(name.rpartition("-")[2], settings.normal_url)


def _deadline(context: Any) -> Deadline:
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    seconds = remaining() / 1000 if remaining is not None else _DEFAULT_SECONDS
    return Deadline.after(SystemClock(), max(0.0, seconds - _MARGIN_SECONDS))


@lru_cache(maxsize=1)
def _outbox() -> Outbox:
    return Outbox(load(StoreSettings))
