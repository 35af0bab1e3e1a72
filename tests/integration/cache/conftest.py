"""Instances of the cache over one real Valkey."""

import botocore.session
import pytest
import redis
from moto import mock_aws

from brightspot.cache import LocalLevel, TieredCache
from brightspot.cache.dynamo import DynamoLevel
from brightspot.core.clock import SystemClock
from brightspot.store import StoreSettings
from brightspot.valkey import ValkeySettings, connect
from brightspot_local.dev.template import load
from brightspot_local.paths import ROOT

TABLE = load(ROOT / "infrastructure" / "data.yaml")["Resources"]["CacheTable"]["Properties"]
SETTINGS = StoreSettings(table_prefix="tests", region="us-east-1")


@pytest.fixture
def instance(valkey_url):
    """`instance()`: another process's cache."""
    stores = []

    def make(url=valkey_url, local=None):
        store = connect(ValkeySettings(url=url), SystemClock())
        stores.append(store)
        return TieredCache(store, SystemClock(), local or LocalLevel())

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def compute():
    """`compute(cache, key="k")`: what a request does that finds nothing."""

    def done(cache, value=b"v", key="k", ttl=60.0, tags=()):
        _, since = cache.get("analysis", key)
        cache.put("analysis", key, value, ttl, since=since, tags=tags)

    return done


@pytest.fixture
def found():
    """`found(cache)`: value and level, or None."""

    def sought(cache, key="k"):
        hit, _ = cache.get("analysis", key)
        return hit and (hit.value, hit.level)

    return sought


@pytest.fixture
def dynamodb(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    with mock_aws():
        client = botocore.session.get_session().create_client("dynamodb", "us-east-1")
        members = ("BillingMode", "AttributeDefinitions", "KeySchema")
        client.create_table(TableName="tests-cache", **{each: TABLE[each] for each in members})
        yield client


@pytest.fixture
def tiered(valkey_url, dynamodb):
    """`tiered()`: another process's cache, with three levels."""
    stores = []

    def make(seal=None, third=None):
        stores.append(connect(ValkeySettings(url=valkey_url), SystemClock()))
        level = third or DynamoLevel(SETTINGS, SystemClock(), 1000)
        return TieredCache(stores[-1], SystemClock(), LocalLevel(), seal, level)

    yield make
    for each in stores:
        each.close()


@pytest.fixture
def server(valkey_url):
    with redis.Redis.from_url(valkey_url) as client:
        yield client
