"""Sends messages to SQS; every failure is a QueueUnavailable."""

from functools import cached_property
from typing import Any

from brightspot.core import codec
from brightspot.store.aws import StoreSettings, once_more_if_closed
from brightspot.store.errors import QueueUnavailable
from brightspot.store.messages import Message


class Outbox:
    """Queues by their URL. The client is made when the first message is sent."""

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings

    def send(self, queue_url: str, message: Message[Any]) -> None:
        """Hand a message to a queue. Raises QueueUnavailable when the queue did not take it, or there is none."""
        if not queue_url:
            raise QueueUnavailable("no queue is set")
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # 300 ms that only a sender pays

        text = codec.dumps(message).decode()
        try:
            once_more_if_closed(lambda: self._client.send_message(QueueUrl=queue_url, MessageBody=text))
        except (BotoCoreError, ClientError) as error:
            raise QueueUnavailable.because(queue_url.rpartition("/")[2], error) from error

    @cached_property
    def _client(self) -> Any:
        from botocore.config import Config  # noqa: PLC0415
        from botocore.session import get_session  # noqa: PLC0415  # boto3 would add 50 ms and nothing that is used

        config = Config(
            connect_timeout=self._settings.connect_ms / 1000,
            read_timeout=self._settings.read_ms / 1000,
            retries={"total_max_attempts": 1, "mode": "standard"},
        )
        return get_session().create_client(
            "sqs", self._settings.region, endpoint_url=self._settings.endpoint_url or None, config=config
        )
