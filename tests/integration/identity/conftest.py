"""The tables of data.yaml in moto."""

from dataclasses import dataclass
from typing import Any

import botocore.session
import pytest
from moto import mock_aws

from brightspot.store import StoreSettings
from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT

PREFIX = "tests"
REGION = "us-east-1"
MEMBERS = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


@dataclass
class Aws:
    dynamodb: Any
    secrets: Any
    settings: StoreSettings

    def text_of(self, aggregate):
        return repr(self.dynamodb.scan(TableName=f"{PREFIX}-{aggregate}")["Items"])


@pytest.fixture
def aws(monkeypatch):
    for name, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": REGION}.items():
        monkeypatch.setenv(name, value)
    resources = load(ROOT / "infrastructure" / "data.yaml")["Resources"]
    with mock_aws():
        session = botocore.session.get_session()
        dynamodb = session.create_client("dynamodb", REGION)
        for aggregate, logical in {"accounts": "Accounts", "sessions": "Sessions", "api-keys": "ApiKeys"}.items():
            meant = resources[f"{logical}Table"]["Properties"]
            given = {name: meant[name] for name in MEMBERS if name in meant}
            dynamodb.create_table(TableName=f"{PREFIX}-{aggregate}", **given)
        yield Aws(dynamodb, session.create_client("secretsmanager", REGION), StoreSettings(table_prefix=PREFIX))
