"""A worker as Lambda has one, in a process that may be killed at any line: polls a queue, calls the function's handler.

Run as `python -m tests.load.tasks_worker ENDPOINT QUEUE FILE`, with the function's environment. Makes the file when it
has its first messages.
"""

import sys
from pathlib import Path

from brightspot_local.dev.intrinsics import ACCOUNT
from brightspot_local.dev.queues import event, failures
from brightspot_local.services.aws import client
from functions.task_worker.task_worker_handler import handler

_MOST_A_POLL = 10


def main(endpoint: str, queue: str, busy: str) -> None:
    """Until it is ended."""
    sqs, url = client("sqs", endpoint), f"{endpoint}/{ACCOUNT}/{queue}"
    while True:
        found = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=_MOST_A_POLL,
            WaitTimeSeconds=1,
            MessageSystemAttributeNames=["All"],
        )
        messages = found.get("Messages", [])
        if not messages:
            continue
        Path(busy).touch()
        failed = failures(handler(event(queue, messages), None), messages, partial=True)
        done = [message for message in messages if message["MessageId"] not in failed]
        if done:
            entries = [{"Id": str(at), "ReceiptHandle": each["ReceiptHandle"]} for at, each in enumerate(done)]
            sqs.delete_message_batch(QueueUrl=url, Entries=entries)


if __name__ == "__main__":
    main(*sys.argv[1:])
