"""Sends messages to SQS, and puts off those that failed; every failure is a QueueUnavailable."""

import logging
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from itertools import batched
from typing import Any, Final

import msgspec

from brightspot.core import codec
from brightspot.store.aws import StoreSettings, aws_client, once_more_if_closed
from brightspot.store.errors import QueueUnavailable
from brightspot.store.messages import Message
from brightspot.telemetry import active_span, span

_MOST_A_CALL: Final = 10
_log = logging.getLogger(__name__)


class Outbox:
    """Queues by their URL. The client is made when the first message is sent."""

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings

    def send(self, queue_url: str, message: Message[Any]) -> None:
        """Hand a message to a queue. Raises QueueUnavailable when the queue did not take it, or there is none."""
        with span(f"send {_name(queue_url)}", "producer"):
            text = codec.dumps(_stamped(message)).decode()
            self._call(queue_url, lambda: self._client.send_message(QueueUrl=queue_url, MessageBody=text))

    def send_all[T](
        self, queue_url: str, messages: Sequence[Message[T]], *, delay_seconds: int = 0
    ) -> list[Message[T]]:
        """Hand messages to a queue, ten a call; those that it did not take when they were sent once more.

        One whose answer was lost may have been taken all the same. The queue shows them after `delay_seconds`, 900 at
        most.
        """
        refused = list(messages)
        for _ in range(2):
            chunks = batched(refused, _MOST_A_CALL, strict=False)
            refused = [each for chunk in chunks for each in self._refused(queue_url, chunk, delay_seconds)]
        return refused

    def put_off(self, queue_url: str, receipt: str, seconds: int) -> None:
        """Have a message that was received delivered again after `seconds`, and not before. Raises QueueUnavailable."""
        asked = {"QueueUrl": queue_url, "ReceiptHandle": receipt, "VisibilityTimeout": seconds}
        self._call(queue_url, lambda: self._client.change_message_visibility(**asked))

    def put_off_all(self, queue_url: str, receipts: Sequence[str], seconds: int) -> None:
        """As `put_off`, ten a call; a message that is gone is no failure. Raises QueueUnavailable."""
        for chunk in batched(receipts, _MOST_A_CALL, strict=False):
            entries = [
                {"Id": str(at), "ReceiptHandle": each, "VisibilityTimeout": seconds} for at, each in enumerate(chunk)
            ]
            asked = {"QueueUrl": queue_url, "Entries": entries}
            answer = self._call(queue_url, partial(self._put_off, asked))
            for each in answer.get("Failed") or []:
                _log.warning("message_not_put_off", extra={"error": each.get("Code")})

    def _put_off(self, asked: dict[str, Any]) -> Any:
        return self._client.change_message_visibility_batch(**asked)

    def _refused[T](self, queue_url: str, chunk: Sequence[Message[T]], delay_seconds: int) -> list[Message[T]]:
        try:
            with span(f"send {_name(queue_url)}", "producer", messages=len(chunk)):
                texts = [codec.dumps(_stamped(each)).decode() for each in chunk]
                delay = {"DelaySeconds": delay_seconds} if delay_seconds else {}
                entries = [{"Id": str(at), "MessageBody": text, **delay} for at, text in enumerate(texts)]
                answer = self._call(
                    queue_url, lambda: self._client.send_message_batch(QueueUrl=queue_url, Entries=entries)
                )
        except QueueUnavailable as error:
            _log.warning("messages_refused", extra={"count": len(chunk), "error": str(error)})
            return list(chunk)
        failed = answer.get("Failed") or []
        if failed:
            partly = QueueUnavailable(f"{_name(queue_url)}: {failed[0].get('Code')}")
            _log.warning("messages_refused", extra={"count": len(failed), "error": str(partly)})
        return [chunk[int(each["Id"])] for each in failed]

    def _call(self, queue_url: str, call: Callable[[], Any]) -> Any:
        if not queue_url:
            raise QueueUnavailable("no queue is set")
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # 300 ms that only a sender pays

        try:
            return once_more_if_closed(call)
        except (BotoCoreError, ClientError) as error:
            raise QueueUnavailable.because(_name(queue_url), error) from error

    @cached_property
    def _client(self) -> Any:
        return aws_client("sqs", self._settings)


def _stamped[T](message: Message[T]) -> Message[T]:
    """Where a trace is recorded, the message goes on from the span that sends it."""
    sending = active_span()
    return message if sending is None else msgspec.structs.replace(message, traceparent=sending.traceparent)


def _name(queue_url: str) -> str:
    return queue_url.rpartition("/")[2]
