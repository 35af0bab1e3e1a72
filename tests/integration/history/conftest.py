"""The table of template.yaml in moto, its queues, and analyses to put there."""

import importlib
import logging
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import botocore.client
import botocore.session
import msgspec
import pytest
from moto import mock_aws

from brightspot import locations
from brightspot.core.ids import new_id
from brightspot.locations.past import backend as history_backend
from brightspot.locations.past.dynamo import DynamoHistory
from brightspot.locations.past.shapes import record_of
from brightspot.locations.past.table import row_of
from brightspot.security import SHARED_TENANT
from brightspot.store import StoreSettings
from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT

PREFIX = "tests"
REGION = "us-east-1"
WRITER = "functions.history_writer.history_writer_handler"
PLACE = "ROCHESTER, MN 55901"
START = datetime(2026, 11, 1, tzinfo=UTC)
TABLE = load(ROOT / "infrastructure" / "data.yaml")["Resources"]["AnalysesTable"]["Properties"]
TABLE_MEMBERS = (
    "BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes",
)  # fmt: skip

_numbers = count()


@dataclass
class Aws:
    """What a test sees of moto: clients, the queue's URL, and settings that lead there."""

    dynamodb: Any
    sqs: Any
    queue_url: str
    settings: StoreSettings

    def rows(self):
        return self.dynamodb.scan(TableName=f"{PREFIX}-analyses")["Items"]

    def settings_of(self, prefix):
        return replace(self.settings, table_prefix=prefix)

    def messages(self):
        found = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return found.get("Messages", [])


def create_table(dynamodb, prefix=None):
    """An empty table as the template describes it; its prefix, a new one when none is given."""
    prefix = prefix or f"tests-{next(_numbers)}"
    dynamodb.create_table(TableName=f"{prefix}-analyses", **{name: TABLE[name] for name in TABLE_MEMBERS})
    return prefix


@pytest.fixture
def aws(monkeypatch):
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        session = botocore.session.get_session()
        dynamodb = session.create_client("dynamodb", REGION)
        sqs = session.create_client("sqs", REGION)
        create_table(dynamodb, PREFIX)
        url = sqs.create_queue(QueueName=f"{PREFIX}-history")["QueueUrl"]
        yield Aws(dynamodb, sqs, url, StoreSettings(table_prefix=PREFIX, region=REGION))


@pytest.fixture
def history(aws, clock):
    clock.advance(seconds=(START + timedelta(days=30) - clock.now()).total_seconds())
    return DynamoHistory(aws.settings, clock, retention_days=90, queue_url=aws.queue_url)


def put_all(history, analyses, place=PLACE, tenant=SHARED_TENANT):
    """Many rows at once, as recording one by one would leave them."""
    table = history._table
    with table.batch_write() as batch:
        for each in analyses:
            batch.save(row_of(table, record_of(each, place, tenant=tenant)))


@pytest.fixture(scope="session")
def an_analysis():
    """One real analysis, as a model for others."""
    return locations.service().analyze(locations.AnalyzeRequest("Rochester, MN 55901"))


@pytest.fixture
def made(an_analysis):
    """`made(minutes=3, persona="family")`: an analysis of then."""

    def make(*, minutes=0.0, persona="business", score=None, address=None):
        at = START + timedelta(minutes=minutes)
        changes = {
            "id": new_id(at),
            "created_at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "persona": persona,
            **({"overall_score": score} if score is not None else {}),
            **({"address": address} if address is not None else {}),
        }
        return msgspec.structs.replace(an_analysis, **changes)

    return make


@pytest.fixture
def events():
    """Every event that the library logs, as (level, message, fields); what it logs goes nowhere else."""
    seen = []

    class Keep(logging.Handler):
        def emit(self, record):
            seen.append((record.levelname, record.getMessage(), record.__dict__))

    logger, keep = logging.getLogger("brightspot"), Keep()
    level = logger.level
    logger.addHandler(keep)
    logger.setLevel("INFO")
    yield seen
    logger.removeHandler(keep)
    logger.setLevel(level)


@pytest.fixture
def worker(aws, monkeypatch):
    """`worker(*bodies)`: what the history-writer function returns for an SQS event with these message bodies."""
    for name, value in {"TABLE_PREFIX": PREFIX, "AWS_REGION": REGION}.items():
        monkeypatch.setenv(name, value)
    history_backend._table.cache_clear()
    monkeypatch.delitem(sys.modules, WRITER, raising=False)
    handler = importlib.import_module(WRITER).handler

    def deliver(*bodies, attempt=1):
        records = [
            {"messageId": f"message-{number}", "body": body, "attributes": {"ApproximateReceiveCount": str(attempt)}}
            for number, body in enumerate(bodies)
        ]
        return handler({"Records": records}, None)

    yield deliver
    history_backend._table.cache_clear()


@pytest.fixture
def calls(monkeypatch):
    """Every DynamoDB call that pynamodb makes from here on, as (operation, request, answer)."""
    seen = []
    real = botocore.client.BaseClient._make_api_call

    def spy(self, operation, request):
        answer = real(self, operation, request)
        seen.append((operation, request, answer))
        return answer

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", spy)
    return seen
