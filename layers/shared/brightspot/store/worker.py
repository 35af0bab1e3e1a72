"""What a Lambda function behind an SQS queue is made of: `handler = sqs_entry("batch_item", Body, handle)`."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from brightspot.core.kinds import kind_of
from brightspot.store.messages import Message
from brightspot.store.timed import timed
from brightspot.telemetry import (
    NoSpan,
    Span,
    configure_logs,
    configure_metrics,
    configure_tracing,
    entry_span,
    flush_metrics,
    flush_spans,
    request_context,
)

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
_log = logging.getLogger(__name__)


def sqs_entry[T](
    task: str,
    body: type[T],
    handle: Callable[[Message[T]], None],
    *,
    put_off: Callable[[str, int], None] | None = None,
) -> Handler:
    """A handler for SQS events whose messages carry a `body`; it reports the ones that failed, and only those.

    `task` is what the work is called in figures.

    `handle` must bear being called twice with one message: SQS delivers at least once. A message that cannot be read
    or whose handling raises is reported, so that SQS delivers it again and in the end moves it to the dead letters.
    That takes the queue's visibility timeout, unless `put_off` says otherwise to the queue: it is called with the
    receipt and the attempt of a message whose handling raised.
    """
    configure_logs()
    configure_metrics()
    configure_tracing()
    decoder = msgspec.json.Decoder(Message[body])  # type: ignore[valid-type]  # a type that is known at run time only

    def measured(message: Message[T]) -> None:
        with timed(task):
            handle(message)

    def one(record: dict[str, Any]) -> bool:
        message = read_message(record, decoder)
        return message is not None and _handled(record, message, measured, put_off)

    def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
        try:
            failed = [record["messageId"] for record in event["Records"] if not one(record)]
        finally:
            flush_spans()
            flush_metrics()
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}

    return handler


def read_message[T](record: dict[str, Any], decoder: "msgspec.json.Decoder[Message[T]]") -> Message[T] | None:
    """The message of a record, and the how manieth time it comes; None when it cannot be read, which is logged."""
    try:
        message = decoder.decode(record["body"])
    except (ValueError, msgspec.DecodeError):  # ValueError: no UTF-8
        with request_context(record["messageId"]):
            _log.exception("message_unreadable", extra={"message_id": record["messageId"]})
        return None
    return msgspec.structs.replace(message, attempt=int(record["attributes"]["ApproximateReceiveCount"]))


@contextmanager
def message_context[T](record: dict[str, Any], message: Message[T]) -> Iterator[Span | NoSpan]:
    """Everything inside is done in the request and trace that the message is of."""
    message_id, attempt = record["messageId"], message.attempt
    queue = record.get("eventSourceARN", "queue").rpartition(":")[2]
    with (
        request_context(message.correlation_id or message_id, message.traceparent, message.tracestate, of_message=True),
        entry_span(f"process {queue}", "consumer", message_id=message_id, attempt=attempt) as entered,
    ):
        yield entered


def _handled[T](
    record: dict[str, Any],
    message: Message[T],
    handle: Callable[[Message[T]], None],
    put_off: Callable[[str, int], None] | None,
) -> bool:
    """Whether it was."""
    with message_context(record, message) as entered:
        try:
            handle(message)
        except Exception as error:  # noqa: BLE001  # whatever it was, this message failed and the others did not
            entered.fail(kind_of(error).name)
            told = {"message_id": record["messageId"], "attempt": message.attempt}
            _log.exception("message_failed", extra=told)
            if put_off is not None:
                put_off(record["receiptHandle"], message.attempt)
            return False
    return True
