"""The audit table of the template in moto."""

import threading
from random import Random
from time import sleep

import botocore.session
import pytest
from moto import mock_aws
from moto.dynamodb.models.table import Table

from brightspot.audit.dynamo import DynamoLedger
from brightspot.store import StoreSettings
from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT

REGION = "us-east-1"
TABLE = load(ROOT / "infrastructure" / "data.yaml")["Resources"]["AuditTable"]["Properties"]
MEMBERS = ("BillingMode", "AttributeDefinitions", "KeySchema")


@pytest.fixture
def table(monkeypatch):
    """A client that may do what our role may not."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", REGION)
    # DynamoDB looks at the condition of a write and writes in one step. moto's threads may come between the two.
    one, put = threading.Lock(), Table.put_item

    def at_once(*asked, **more):
        with one:
            return put(*asked, **more)

    monkeypatch.setattr(Table, "put_item", at_once)
    with mock_aws():
        client = botocore.session.get_session().create_client("dynamodb", REGION)
        client.create_table(TableName="tests-audit", **{name: TABLE[name] for name in MEMBERS})
        yield client


@pytest.fixture
def new_ledger(table):
    return lambda: DynamoLedger(StoreSettings(table_prefix="tests", region=REGION), sleep, Random())


@pytest.fixture
def ledger(new_ledger):
    return new_ledger()
