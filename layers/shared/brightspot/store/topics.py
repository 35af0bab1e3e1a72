"""Publishes to SNS topics; every failure is a TopicUnavailable."""

from functools import cached_property
from typing import Any

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import EXTERNAL_SERVICE
from brightspot.store.aws import StoreSettings, aws_client, once_more_if_closed
from brightspot.store.errors import error_code


class TopicUnavailable(BrightspotError):
    """An SNS topic did not take a message; the message says why. No error of the database: it is not counted as one."""

    kind = EXTERNAL_SERVICE


class Topics:
    """Topics by their ARN. The client is made when the first message is published."""

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings

    def publish(self, arn: str, subject: str, text: str) -> None:
        """Hand a message to a topic: `subject` is less than 100 printable ASCII characters. Raises TopicUnavailable."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # 300 ms that only a publisher pays

        try:
            once_more_if_closed(lambda: self._client.publish(TopicArn=arn, Subject=subject, Message=text))
        except (BotoCoreError, ClientError) as error:
            name = arn.rpartition(":")[2]
            raise TopicUnavailable(f"topic {name}: {error_code(error) or type(error).__name__}") from error

    @cached_property
    def _client(self) -> Any:
        return aws_client("sns", self._settings)
