"""How much waits in SQS queues; every failure is a QueueUnavailable."""

from typing import Any, Final, NamedTuple

from brightspot.core.snapshots import before_snapshot
from brightspot.store.aws import StoreSettings, aws_client, once_more_if_closed
from brightspot.store.errors import QueueUnavailable

_ASKED: Final = {
    "waiting": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}


class Depth(NamedTuple):
    """Messages of one queue. SQS counts them about right, within a minute of the last change."""

    waiting: int
    in_flight: int
    delayed: int


class Queues:
    """Queues by their URL. Safe to share between threads. Opens no connection before one is asked."""

    def __init__(self, settings: StoreSettings) -> None:
        self._client: Any = aws_client("sqs", settings)  # here, and not by each of those who ask at once
        before_snapshot(self._client.close)

    def depth(self, queue_url: str) -> Depth:
        """How much waits. Raises QueueUnavailable."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # 300 ms that only who asks pays

        names = list(_ASKED.values())
        try:
            told = once_more_if_closed(
                lambda: self._client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)
            )
        except (BotoCoreError, ClientError) as error:
            raise QueueUnavailable.because(queue_url.rpartition("/")[2], error) from error
        return Depth(**{name: int(told["Attributes"][attribute]) for name, attribute in _ASKED.items()})
