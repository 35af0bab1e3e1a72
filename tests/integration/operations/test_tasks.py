"""Queues and tasks: counted by the queues themselves and by what workers told, and unknown for a reason."""

import botocore.session
import pytest
from moto import mock_aws

from brightspot.core import codec
from brightspot.core.clock import SystemClock
from brightspot.operations.tasks import task_monitoring
from brightspot.store import Queues, StoreSettings, new_message, sqs_entry
from brightspot.telemetry import Ledger, shared_ledger

REGION = "us-east-1"


@pytest.fixture
def urls(monkeypatch):
    """Of a queue with three messages, one of them received, and of its dead letters with one."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("TABLE_PREFIX", "tests")
    with mock_aws():
        client = botocore.session.get_session().create_client("sqs", REGION)
        made = [client.create_queue(QueueName=f"tests-{name}")["QueueUrl"] for name in ("batch", "batch-dead-letters")]
        for url, number in zip(made, (3, 1), strict=True):
            for each in range(number):
                client.send_message(QueueUrl=url, MessageBody=str(each))
        client.receive_message(QueueUrl=made[0], MaxNumberOfMessages=1)
        monkeypatch.setenv("TASK_QUEUE_URLS", ",".join(made))
        yield made


@pytest.fixture
def queues():
    return Queues(StoreSettings(table_prefix="tests", region=REGION))


@pytest.mark.usefixtures("urls")
def test_what_waits_is_in_flight_or_was_given_up_is_told_as_sqs_counts_it(queues):
    told = task_monitoring(5, Ledger(None, SystemClock()), queues)
    (waiting,), (dead,) = told.queues.values(), told.dead_letters.values()
    assert (list(told.queues), waiting.waiting, waiting.in_flight, waiting.reason) == (["batch"], 2, 1, None)
    assert (list(told.dead_letters), dead.waiting) == (["batch-dead-letters"], 1)
    assert told.recommendations == [
        "batch-dead-letters: 1 given up; the log has why, `aws sqs start-message-move-task` has them tried again"
    ]


def test_a_queue_that_cannot_be_asked_is_unknown_for_the_reason_and_the_others_are_told(urls, queues, monkeypatch):
    monkeypatch.setenv("TASK_QUEUE_URLS", f"{urls[0]},{urls[0]}-gone")
    told = task_monitoring(5, Ledger(None, SystemClock()), queues).queues
    assert told["batch"].waiting == 2
    assert told["batch-gone"].waiting is None
    assert told["batch-gone"].reason.startswith("tests-batch-gone: ")


def test_each_delivery_of_a_message_counts_as_a_run_that_was_done_or_failed(queues):
    def handle(message):
        if message.body == "bad":
            raise ValueError("bad")

    handler = sqs_entry("tested", str, handle)
    for number, body in enumerate(["good"] * 30 + ["bad"] * 10):
        record = {
            "messageId": str(number),
            "body": codec.dumps(new_message(f"{number}", body)).decode(),
            "attributes": {"ApproximateReceiveCount": "1"},
        }
        handler({"Records": [record]}, None)
    told = task_monitoring(5, shared_ledger(), queues)
    state = told.tasks["tested"]
    assert (state.done, state.failed, state.failure_rate, state.per_minute) == (30, 10, 0.25, 8.0)
    assert (state.timing.count, state.timing.p50_ms is not None) == (40, True)
    assert told.recommendations == ["tested: 25.0% of runs fail; the log has each with its correlation_id"]
