"""Takes messages from SQS queues by hand; every failure is a QueueUnavailable."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from brightspot.store.aws import StoreSettings, aws_client, once_more_if_closed
from brightspot.store.errors import QueueUnavailable


class Received(NamedTuple):
    """A message: its text, and what it is deleted by."""

    body: str
    receipt: str


class Inbox:
    """One queue by its URL. The client is made when the first message is asked for."""

    def __init__(self, settings: StoreSettings, queue_url: str) -> None:
        self._settings = settings
        self._url = queue_url

    def receive(self, count: int, hidden_seconds: int) -> list[Received]:
        """Up to `count` messages, ten at most, which nobody else is shown for so long. Raises QueueUnavailable."""
        asked = {"QueueUrl": self._url, "MaxNumberOfMessages": count, "VisibilityTimeout": hidden_seconds}
        answer = self._call(lambda: self._client.receive_message(**asked))
        return [Received(each["Body"], each["ReceiptHandle"]) for each in answer.get("Messages", ())]

    def delete(self, message: Received) -> None:
        """It is done with. Raises QueueUnavailable."""
        self._call(lambda: self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message.receipt))

    def _call(self, call: Callable[[], Any]) -> Any:
        if not self._url:
            raise QueueUnavailable("no queue is set")
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # 300 ms that only who asks pays

        try:
            return once_more_if_closed(call)
        except (BotoCoreError, ClientError) as error:
            raise QueueUnavailable.because(self._url.rpartition("/")[2], error) from error

    @cached_property
    def _client(self) -> Any:
        return aws_client("sqs", self._settings)
