"""Tables of the template, in moto, whose conditional writes hold for threads too."""

import threading

import botocore.session
import pytest
from moto import mock_aws
from moto.dynamodb.models.table import Table

from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT

REGION = "us-east-1"
RESOURCES = load(ROOT / "infrastructure" / "data.yaml")["Resources"]


@pytest.fixture
def made_table(monkeypatch):
    """`made_table("HealthTable", "tests-health")`: a client of DynamoDB, where that table of data.yaml is empty."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    # DynamoDB looks at the condition of a write and writes in one step. moto's threads may come between the two.
    one, put = threading.Lock(), Table.put_item

    def at_once(*asked, **more):
        with one:
            return put(*asked, **more)

    monkeypatch.setattr(Table, "put_item", at_once)

    def make(resource, name):
        client = botocore.session.get_session().create_client("dynamodb", REGION)
        declared = RESOURCES[resource]["Properties"]
        members = {"BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes"} & declared.keys()
        client.create_table(TableName=name, **{each: declared[each] for each in members})
        return client

    with mock_aws():
        yield make
