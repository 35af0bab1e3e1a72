"""The third level, DynamoDB's table of the template in moto, below a real Valkey."""

from random import Random

import pytest

from brightspot.cache import ComputedCache, Options, shared_cache
from brightspot.cache.dynamo import DynamoLevel
from brightspot.cache.keyring import KeyRing
from brightspot.cache.seal import Seal
from brightspot.core.clock import SystemClock
from brightspot.store import StoreSettings
from tests.integration.cache.conftest import SETTINGS, TABLE

NAME = "bs:{analysis}:k"
OPTIONS = Options(ttl=60)


@pytest.fixture
def computing(tiered):
    """`computing()`: another process's cache of computed values, over three levels."""

    def make():
        levels = tiered()
        return ComputedCache(levels, levels._valkey, SystemClock(), Random(1))

    return make


def never():
    raise AssertionError("must not be computed")


def rows(dynamodb):
    return {each["name"]["S"]: each for each in dynamodb.scan(TableName="tests-cache")["Items"]}


def test_what_the_store_had_no_room_for_is_found_below_and_goes_up_through_all_levels(tiered, compute, found, server):
    compute(tiered())
    server.delete(NAME)
    reading = tiered()
    assert [found(reading), found(reading)] == [(b"v", "dynamodb"), (b"v", "memory")]
    assert 0 < server.pttl(NAME) <= 60_000
    assert found(tiered()) == (b"v", "redis")


def test_the_levels_are_told_apart_in_the_figures(tiered, compute, found, server):
    compute(tiered())
    server.delete(NAME)
    reading = tiered()
    for cache in (reading, reading, tiered(), reading):
        found(cache)
    told = reading.figures(["analysis"])["analysis"]
    assert (told.hits, told.memory, told.redis, told.dynamodb, told.misses) == (4, 2, 1, 1, 1)


@pytest.mark.parametrize("tag", [None, "state:MN"])
def test_a_clear_is_obeyed_by_what_lies_below(tiered, compute, found, dynamodb, tag):
    first, second = tiered(), tiered()
    compute(first, tags=["state:MN"])
    compute(first, key="other", tags=["state:NY"])
    second.clear("analysis", tag)
    assert rows(dynamodb).keys() == {NAME, "bs:{analysis}:other"}
    assert [found(each) for each in (second, first, tiered())] == [None] * 3
    assert NAME not in rows(dynamodb)
    assert (found(tiered(), "other") is None) == (tag is None)


def test_a_store_that_came_back_empty_trusts_nothing_below(tiered, compute, found, server):
    compute(tiered())
    server.flushall()
    assert found(tiered()) is None
    compute(tiered(), key="new")
    assert found(tiered()) is None
    assert found(tiered(), "new") == (b"v", "redis")


def test_a_row_that_has_expired_is_a_miss_though_dynamodb_has_not_deleted_it(dynamodb, clock):
    level = DynamoLevel(SETTINGS, clock, 1000)
    level.set(NAME, b"v", clock.now().timestamp() + 10)
    assert level.get(NAME) == b"v"
    clock.advance(seconds=12)
    assert level.get(NAME) is None
    assert NAME in rows(dynamodb)


def test_rows_expire_by_the_attribute_of_the_template_in_whole_seconds(dynamodb, clock):
    DynamoLevel(SETTINGS, clock, 1000).set(NAME, b"v", 1_800_000_000.25)
    assert rows(dynamodb)[NAME][TABLE["TimeToLiveSpecification"]["AttributeName"]] == {"N": "1800000001"}


def test_an_entry_too_large_for_a_row_is_kept_above_only(tiered, compute, found, dynamodb):
    cache = tiered(seal=Seal(threshold=0))
    compute(cache, value=b"x" * 400_000)
    assert rows(dynamodb) == {}
    assert found(tiered())[1] == "redis"


def test_what_lies_below_is_sealed_as_the_store_has_it(tiered, compute, found, dynamodb, server):
    ring = KeyRing({"a": b"a" * 32})
    compute(tiered(Seal(ring=ring)), value=b"a secret" * 1000)
    assert rows(dynamodb)[NAME]["data"]["B"] == server.get(NAME)
    server.delete(NAME)
    assert found(tiered(Seal(ring=ring))) == (b"a secret" * 1000, "dynamodb")
    server.delete(NAME)
    assert found(tiered()) is None


def test_many_at_once_are_sought_below_where_the_store_lacks_them(tiered, compute, server):
    cache = tiered()
    for key in "abc":
        compute(cache, key=key)
    server.delete("bs:{analysis}:a", "bs:{analysis}:c")
    hits = tiered().get_many("analysis", ["a", "b", "c", "d"])
    assert [hit and hit.level for hit in hits] == ["dynamodb", "redis", "dynamodb", None]


def test_a_table_that_is_not_there_fails_no_request(tiered, compute, found):
    cache = tiered(third=DynamoLevel(StoreSettings(table_prefix="none", region="us-east-1"), SystemClock(), 1000))
    compute(cache)
    assert found(tiered()) == (b"v", "redis")


def test_it_is_off_unless_it_is_switched_on(valkey_url, dynamodb, server, monkeypatch):
    monkeypatch.setenv("REDIS_URL", valkey_url)
    monkeypatch.setenv("TABLE_PREFIX", "tests")
    for on, expected in (("false", set()), ("true", {NAME})):
        monkeypatch.setenv("CACHE_L3_ENABLED", on)
        shared_cache.cache_clear()
        _, since = shared_cache().get("analysis", "k")
        shared_cache().put("analysis", "k", b"v", 60.0, since=since)
        assert rows(dynamodb).keys() == expected


def test_a_computed_value_is_lifted_from_below_rather_than_computed_again(computing, dynamodb, server):
    assert computing().get("n", "k", lambda: 1, OPTIONS).status == "computed"
    server.delete("bs:{n}:k")
    lifted = computing()
    assert lifted.get("n", "k", never, OPTIONS)[::2] == (1, "fresh")
    assert server.exists("bs:{n}:k") == 1
    told = lifted.held.shelf("n").tally.here(0, 0)
    assert (told.hits, told.dynamodb, told.misses) == (1, 1, 0)


def test_a_computed_value_that_was_forgotten_or_cleared_is_not_lifted(computing, dynamodb, server):
    cache = computing()
    cache.get("n", "k", lambda: 1, OPTIONS)
    cache.forget("n", "k", OPTIONS)
    assert rows(dynamodb) == {}
    assert computing().get("n", "k", lambda: 2, OPTIONS)[::2] == (2, "computed")
    cache.clear("n")
    server.delete("bs:{n}:k")
    assert computing().get("n", "k", lambda: 3, OPTIONS)[::2] == (3, "computed")


def test_a_value_that_the_store_refuses_since_a_newer_one_was_begun_does_not_stay_below(computing, dynamodb):
    cache = computing()

    def overtaken():
        computing().forget("n", "k", OPTIONS)
        return 1

    assert cache.get("n", "k", overtaken, OPTIONS).value == 1
    assert rows(dynamodb) == {}
