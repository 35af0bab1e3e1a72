"""Queues and tasks: counted by the queues themselves and by what workers told, and unknown for a reason."""

import botocore.session
import pytest
from moto import mock_aws

from brightspot.core import codec
from brightspot.core.clock import SystemClock
from brightspot.operations.tasks import WorkersOf, task_monitoring
from brightspot.store import Queues, StoreSettings, Workers, new_message, sqs_entry
from brightspot.telemetry import Ledger, shared_ledger
from brightspot.valkey import StoreUnavailable, ValkeySettings, connect

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
def test_what_waits_is_in_flight_or_was_given_up_is_told_as_sqs_counts_it(queues, clock):
    somebody = workers(None, clock, "a")
    somebody.tell()
    told = task_monitoring(5, Ledger(None, SystemClock()), queues, somebody)
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
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "0"},
        }
        handler({"Records": [record]}, None)
    told = task_monitoring(5, shared_ledger(), queues)
    state = told.tasks["tested"]
    assert (state.done, state.failed, state.failure_rate, state.per_minute) == (30, 10, 0.25, 8.0)
    assert (state.timing.count, state.timing.p50_ms is not None) == (40, True)
    assert told.recommendations == ["tested: 25.0% of runs fail; the log has each with its correlation_id"]


@pytest.mark.usefixtures("urls")
def test_how_long_messages_waited_is_told_of_their_first_delivery_alone(queues):
    handler = sqs_entry("tested", str, lambda message: None)
    now = SystemClock().now().timestamp()
    for waited, deliveries in ((4, 1), (4, 1), (900, 2)):
        record = {
            "messageId": "one",
            "body": codec.dumps(new_message("one", "body")).decode(),
            "attributes": {
                "ApproximateReceiveCount": str(deliveries),
                "SentTimestamp": str(int((now - waited) * 1000)),
            },
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:tests-batch",
        }
        handler({"Records": [record]}, None)
    waits = task_monitoring(5, shared_ledger(), queues).waits["batch"]
    assert waits.count == 2
    assert waits.p95_ms == pytest.approx(4000, rel=0.5)


def workers(valkey, clock, instance):
    return Workers(valkey, clock, "brightspot-batch-worker", instance)


@pytest.mark.usefixtures("urls")
def test_who_took_messages_lately_is_told_by_function(valkey_url, clock, queues):
    valkey = connect(ValkeySettings(url=valkey_url), clock)
    first, second, third = (workers(valkey, clock, name) for name in ("a", "b", "c"))
    third.tell()
    clock.advance(seconds=600)
    for each in (first, second, first):
        each.tell()
    told = task_monitoring(5, Ledger(None, SystemClock()), queues, first).workers
    assert told == {"brightspot-batch-worker": WorkersOf(2, "2026-01-01T00:10:00Z")}
    assert len(third.seen(11)) == 3


@pytest.mark.usefixtures("urls")
def test_messages_that_nobody_takes_are_told(clock, queues):
    alone = workers(None, clock, "a")
    told = task_monitoring(5, Ledger(None, SystemClock()), queues, alone)
    assert told.workers == {}
    assert "batch: no worker took a message in all this time" in told.recommendations
    alone.tell()
    told = task_monitoring(5, Ledger(None, SystemClock()), queues, alone)
    assert told.workers["brightspot-batch-worker"].seen == 1
    assert "batch: no worker took a message in all this time" not in told.recommendations


def test_a_worker_that_the_store_was_away_for_is_told_with_its_next_messages(clock):
    gone = connect(ValkeySettings(url="redis://127.0.0.1:1"), clock)
    worker = workers(gone, clock, "a")
    worker.tell()
    with pytest.raises(StoreUnavailable):
        worker.seen(5)
