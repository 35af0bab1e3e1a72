"""The table and queues of tasks as the templates have them, in moto, and the function that does tasks."""

import importlib
import sys
from collections import Counter

import pytest

from brightspot.tasks import backend, entry
from brightspot_local.dev.intrinsics import ACCOUNT, REGION, STACK, Intrinsics
from brightspot_local.dev.template import functions, load
from tests.integration.batches.conftest import aws
from tests.integration.http.conftest import FUNCTIONS

__all__ = ["aws"]
PRIORITIES = ("high", "normal", "low")


@pytest.fixture
def environment(aws, monkeypatch):
    """The environment of the function, as the template gives it; what waits for a next try waits for nothing."""
    known = functions(Intrinsics(load(), {"Env": "local"}, f"https://sqs.{REGION}.amazonaws.com"))
    for name, value in known["TaskWorkerFunction"].environment.items():
        if name.startswith(("TASK", "TABLE_")):
            monkeypatch.setenv(name, value)
    monkeypatch.setattr(backend, "Backoff", lambda random, base_seconds: lambda attempt: 0.0)
    forget()
    yield aws
    forget()


def forget():
    backend.shared_tasks.cache_clear()
    backend._delays.clear()
    entry._outbox.cache_clear()


@pytest.fixture
def handler(environment, monkeypatch):
    monkeypatch.syspath_prepend(str(FUNCTIONS / "task_worker"))
    monkeypatch.delitem(sys.modules, "task_worker_handler", raising=False)
    return importlib.import_module("task_worker_handler").handler


@pytest.fixture
def taken(environment):
    """`taken()`: up to ten messages of a queue that has some, as Lambda's events have them."""

    def take(queues=PRIORITIES):
        for queue in queues:
            found = environment.received(f"tasks-{queue}", seconds=60)
            if found:
                return [record_of(each, queue) for each in found]
        return []

    return take


@pytest.fixture
def work(environment, handler, taken):
    """`work()`: have all that is in the queues done, ten messages a call; how often which queue was asked."""

    def until_empty(repeated=lambda records: records, events=1000):
        asked = Counter()
        for _ in range(events):
            records = taken()
            if not records:
                return asked
            asked[records[0]["queue"]] += 1
            failed = {each["itemIdentifier"] for each in handler({"Records": repeated(records)}, None)["batchItemFailures"]}
            for each in records:
                if each["messageId"] not in failed:
                    environment.sqs.delete_message(
                        QueueUrl=environment.url(f"tasks-{each['queue']}"), ReceiptHandle=each["receiptHandle"]
                    )
        raise AssertionError("the queues are never empty")

    return until_empty


@pytest.fixture
def letters(environment):
    """`letters()`: the dead letters that there are."""
    return lambda: environment.received("tasks-dead-letters")


@pytest.fixture
def counted(environment):
    """`counted(counter)`: how often each task's effect was had."""

    def rows(counter):
        found = [row for row in environment.rows("tasks") if row["id"]["S"] == f"counter#{counter}"]
        return {row["part"]["S"]: int(row["n"]["N"]) for row in found}

    return rows


def record_of(message, queue):
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{STACK}-tasks-{queue}",
        "queue": queue,
    }
