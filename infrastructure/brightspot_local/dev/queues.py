"""The pollers of `make dev`: messages of SQS queues become events for functions, as Lambda's event sources do it.

Source: docs.aws.amazon.com, "Using Lambda with Amazon SQS" and "Handling errors for an SQS event source".
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from brightspot_local.dev.intrinsics import ACCOUNT, REGION, Intrinsics
from brightspot_local.dev.pool import Pool, WorkerFailed
from brightspot_local.dev.template import QueueSource, queue_sources
from brightspot_local.services.aws import client

_POLL_SECONDS = 1  # a poll under way is waited for at the end
_REST_SECONDS = 2.0
_JOIN_SECONDS = 5.0
_MOST_PER_POLL = 10
Say = Callable[[str], None]


class QueuePoller(threading.Thread):
    """Hands the messages of one queue to one function's pool, and deletes those that succeeded."""

    def __init__(self, source: QueueSource, sqs: Any, endpoint: str, pool: Pool, say: Say) -> None:
        super().__init__(name=f"poll-{source.queue}", daemon=True)
        self._source = source
        self._sqs = sqs
        self._url = f"{endpoint}/{ACCOUNT}/{source.queue}"
        self._pool = pool
        self._say = say
        self._ending = threading.Event()

    def end(self) -> None:
        """Take no more messages; those in hand are finished."""
        self._ending.set()

    def run(self) -> None:
        reached = True
        while not self._ending.is_set():
            try:
                if messages := self._receive():
                    self._hand_on(messages)
                reached = True
            except (BotoCoreError, ClientError) as error:
                if reached:
                    self._say(f"failed   {self._source.queue}: {error}")
                reached = False
                self._ending.wait(_REST_SECONDS)

    def _receive(self) -> list[dict[str, Any]]:
        found = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(self._source.batch, _MOST_PER_POLL),
            WaitTimeSeconds=_POLL_SECONDS,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[dict[str, Any]] = found.get("Messages", [])
        return messages

    def _hand_on(self, messages: list[dict[str, Any]]) -> None:
        source = self._source
        try:
            failed = failures(self._pool.invoke(event(source.queue, messages)), messages, partial=source.partial)
        except WorkerFailed as error:
            self._say(f"failed   {source.function}: {error}")
            failed = {message["MessageId"] for message in messages}
        done = [message for message in messages if message["MessageId"] not in failed]
        if done:
            entries = [{"Id": str(at), "ReceiptHandle": each["ReceiptHandle"]} for at, each in enumerate(done)]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
        self._say(f"queue    {source.queue} -> {source.function}: {len(done)} done, {len(failed)} failed")


@contextmanager
def polling(known: Intrinsics, endpoint: str, pools: Mapping[str, Pool], say: Say) -> Iterator[None]:
    """Poll every queue that feeds a function, as often at once as its pool serves; end with what is in hand."""
    pollers = []
    for source in queue_sources(known):
        pool = pools[source.function]
        at_once = min(source.most_at_once, pool.size)
        pollers += [QueuePoller(source, client("sqs", endpoint), endpoint, pool, say) for _ in range(at_once)]
        say(f"polling  {source.queue}")
    for poller in pollers:
        poller.start()
    try:
        yield
    finally:
        for poller in pollers:
            poller.end()
        for poller in pollers:
            poller.join(_JOIN_SECONDS)  # a longer batch ends with its worker, and its messages come again


def event(queue: str, messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The event that Lambda would make of received messages."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": dict(message.get("Attributes", {})),
                "messageAttributes": {
                    name: {key[0].lower() + key[1:]: value for key, value in each.items()}
                    for name, each in message.get("MessageAttributes", {}).items()
                },
                "md5OfBody": message["MD5OfBody"],
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}",
                "awsRegion": REGION,
            }
            for message in messages
        ]
    }


def failures(returned: Any, messages: Sequence[Mapping[str, Any]], *, partial: bool) -> set[str]:
    """Ids of the messages that stay in the queue.

    Without partial reports, none; with them those that are named. An answer that is no report, or that names a message
    nobody sent, fails all of them.
    """
    ids = {str(message["MessageId"]) for message in messages}
    if not partial or not returned:
        return set()
    if not isinstance(returned, Mapping):
        return ids
    named = returned.get("batchItemFailures") or []
    known = {
        each["itemIdentifier"] for each in named if isinstance(each, Mapping) and each.get("itemIdentifier") in ids
    }
    return known if len(known) == len(named) else ids
