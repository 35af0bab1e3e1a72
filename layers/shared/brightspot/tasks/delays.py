"""Delays longer than SQS bears: the seam of whoever sends a message at a time that is far away."""

from datetime import datetime
from typing import Final, Protocol

MOST_OF_SQS_SECONDS: Final = 900  # docs.aws.amazon.com, SQS: "Delay queues"


class Delays(Protocol):
    """Sends one message of a task to a queue, at a time. Both methods raise AwsUnavailable."""

    def at(self, when: datetime, task_id: str, queue_url: str, message_text: str) -> None:
        """Have the text sent then, once; doing this again for the task moves it."""
        ...

    def forget(self, task_id: str) -> None:
        """Have nothing sent; nothing happens where nothing was to be."""
        ...
