"""The table and queues of tasks as the templates have them, in moto, and the function that does tasks."""

import copy
import importlib
import sys
from collections import Counter
from functools import cache

import botocore.session
import pytest
from moto import mock_aws
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from brightspot.store import StoreSettings
from brightspot.tasks import backend, entry
from brightspot_local.dev.intrinsics import ACCOUNT, REGION, STACK, Intrinsics
from brightspot_local.dev.template import functions, load
from brightspot_local.services import resources
from tests.integration.batches.conftest import Aws
from tests.integration.http.conftest import FUNCTIONS

PRIORITIES = ("high", "normal", "low")


@cache
def template():
    return Intrinsics(load(), {"Env": "local"}, f"https://sqs.{REGION}.amazonaws.com")


class OnlyTasks:
    """A stack, as if the resources of tasks were all that it has."""

    def __init__(self, stack):
        self._stack = stack

    def __getattr__(self, name):
        return getattr(self._stack, name)

    def resources(self, kind):
        return {name: each for name, each in self._stack.resources(kind).items() if name.startswith("Tasks")}


@pytest.fixture
def aws(monkeypatch):
    settings = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": REGION}
    for name, value in {**settings, "MOTO_ACCOUNT_ID": ACCOUNT}.items():
        monkeypatch.setenv(name, value)
    _copy_only_what_is_written(monkeypatch)
    with mock_aws():
        session = botocore.session.get_session()
        dynamodb, sqs = session.create_client("dynamodb", REGION), session.create_client("sqs", REGION)
        for stack in map(OnlyTasks, template().stacks()):
            resources._create_tables(stack, dynamodb)
            resources._create_queues(stack, sqs)
        yield Aws(dynamodb, sqs, StoreSettings(table_prefix=STACK, region=REGION))


def _copy_only_what_is_written(monkeypatch):
    """moto copies the whole table for each action of a transaction, to put it back where one fails."""
    real = DynamoDBBackend.transact_write_items

    def write(self, actions):
        def copied(table, memo):
            clone = copy.copy(table)
            clone.items = type(table.items)(dict, {key: dict(rows) for key, rows in table.items.items()})
            for (each,) in (action.values() for action in actions):
                hash_key, part = (DynamoType((each.get("Key") or each["Item"])[name]) for name in ("id", "part"))
                if part in clone.items.get(hash_key, ()):
                    clone.items[hash_key][part] = copy.deepcopy(clone.items[hash_key][part])
            return clone

        with monkeypatch.context() as patched:
            patched.setattr(Table, "__deepcopy__", copied, raising=False)
            return real(self, actions)

    monkeypatch.setattr(DynamoDBBackend, "transact_write_items", write)


@pytest.fixture
def environment(aws, monkeypatch):
    """The environment of the function, as the template gives it; what waits for a next try waits for nothing."""
    for name, value in functions(template())["TaskWorkerFunction"].environment.items():
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
            failed = {
                each["itemIdentifier"] for each in handler({"Records": repeated(records)}, None)["batchItemFailures"]
            }
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
