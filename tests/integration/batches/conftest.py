"""The tables and queues of the templates in moto, and the two functions that use them."""

import importlib
import sys
from dataclasses import dataclass
from typing import Any

import botocore.client
import botocore.session
import msgspec
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from brightspot.core.codec import loads
from brightspot.locations import BatchAnswer, history, service, shared_answers
from brightspot.locations.batches import backend
from brightspot.locations.past import backend as past_backend
from brightspot.store import StoreSettings
from brightspot_local.dev.intrinsics import ACCOUNT, REGION, STACK, Intrinsics
from brightspot_local.dev.template import functions, load
from brightspot_local.services import resources
from tests.integration.http.conftest import FUNCTIONS, _environment, call, forgetful

__all__ = ["_environment", "call", "forgetful"]  # the functions are called as over there


BATCH = "/api/v1/analyze/batch"
ZIPS = ["55901", "10001", "60601", "94103", "73301", "98101", "33101", "02108", "80202", "55802", "55101", "30301"]


@dataclass
class Aws:
    """What a test sees of moto: clients, the queues' URLs, and settings that lead there."""

    dynamodb: Any
    sqs: Any
    settings: StoreSettings

    def url(self, queue):
        return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{STACK}-{queue}"

    def received(self, queue="batch", seconds=0):
        """Up to ten messages, which are hidden for a while."""
        told = {"AttributeNames": ["All"], "MaxNumberOfMessages": 10, "VisibilityTimeout": seconds}
        return self.sqs.receive_message(QueueUrl=self.url(queue), **told).get("Messages", [])

    def rows(self, table="batches"):
        return self.dynamodb.scan(TableName=f"{STACK}-{table}")["Items"]


@pytest.fixture
def aws(monkeypatch):
    settings = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": REGION}
    for name, value in {**settings, "MOTO_ACCOUNT_ID": ACCOUNT}.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        session = botocore.session.get_session()
        dynamodb, sqs = session.create_client("dynamodb", REGION), session.create_client("sqs", REGION)
        for stack in Intrinsics(load(), {"Env": "local"}).stacks():
            resources._create_tables(stack, dynamodb)
            resources._create_queues(stack, sqs)
        yield Aws(dynamodb, sqs, StoreSettings(table_prefix=STACK, region=REGION))


@pytest.fixture
def environment(aws, monkeypatch):
    """The environment of both functions, as the template gives it."""
    known = functions(Intrinsics(load(), {"Env": "local"}, f"https://sqs.{REGION}.amazonaws.com"))
    for function in ("BatchFunction", "BatchWorkerFunction"):
        for name, value in known[function].environment.items():
            if name.startswith(("BATCH_", "HISTORY_", "TABLE_")):
                monkeypatch.setenv(name, value)
    monkeypatch.setattr(backend, "_AGAIN_AFTER_SECONDS", (0, 0, 0, 0))
    forget()
    yield aws
    forget()


def forget():
    wired = (backend._table, backend._outbox, backend._worker, backend.batch_service, past_backend._table, history)
    for factory in (*wired, service, shared_answers):
        factory.cache_clear()


@pytest.fixture
def submit(environment, call):
    """`submit(addresses)`: what the batch function answers."""

    def send(addresses, **headers):
        return call("batch", "POST", BATCH, {"addresses": addresses}, headers={"prefer": "respond-async", **headers})

    return send


@pytest.fixture
def look(environment, call):
    """`look(id)`: how the batch is, as the function tells."""

    def ask(batch_id):
        answer = call("batch", "GET", f"{BATCH}/{batch_id}")
        assert answer.status == 200
        return msgspec.json.decode(answer.text, type=BatchAnswer)

    return ask


@pytest.fixture
def work(environment, monkeypatch):
    """`work()`: hand what is in the queue to the worker function, as Lambda does; its report."""
    monkeypatch.syspath_prepend(str(FUNCTIONS / "batch_worker"))
    monkeypatch.delitem(sys.modules, "batch_worker_handler", raising=False)
    handler = importlib.import_module("batch_worker_handler").handler

    def once(messages=None):
        taken = environment.received(seconds=60) if messages is None else messages
        records = [
            {"messageId": each["MessageId"], "receiptHandle": each["ReceiptHandle"], "body": each["Body"],
             "attributes": each["Attributes"]}
            for each in taken
        ]  # fmt: skip
        failed = {each["itemIdentifier"] for each in handler({"Records": records}, None)["batchItemFailures"]}
        for each in taken:
            if each["MessageId"] not in failed and messages is None:
                environment.sqs.delete_message(QueueUrl=environment.url("batch"), ReceiptHandle=each["ReceiptHandle"])
        return failed

    return once


@pytest.fixture
def refused(monkeypatch):
    """`refused("SendMessageBatch", times=1)`: that many calls fail; with `entries`, only those entries of each."""
    real = botocore.client.BaseClient._make_api_call

    def refuse(operation, times, entries=None):
        left = [times]

        def call(self, name, request):
            if name != operation or not left[0]:
                return real(self, name, request)
            left[0] -= 1
            if entries is None:
                raise ClientError({"Error": {"Code": "InternalError", "Message": "as the test asks"}}, name)
            bad = [each for each in request["Entries"] if loads(each["MessageBody"])["body"]["address"] in entries]
            good = [each for each in request["Entries"] if each not in bad]
            answer = real(self, name, {**request, "Entries": good}) if good else {}
            return {**answer, "Failed": [{"Id": each["Id"], "SenderFault": False, "Code": "Throttled"} for each in bad]}

        monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", call)

    return refuse
