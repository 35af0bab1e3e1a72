"""Two instances over one real Valkey: what one keeps the other finds, what one clears is gone everywhere."""

import threading
import time

import pytest
import redis

from brightspot.cache import LocalLevel, TieredCache
from brightspot.valkey import StoreUnavailable, ValkeySettings, connect


def test_what_one_instance_keeps_another_finds_and_then_holds_itself(instance, compute, found):
    first, second = instance(), instance()
    compute(first)
    assert [found(first), found(second), found(second)] == [(b"v", "memory"), (b"v", "redis"), (b"v", "memory")]


def test_many_entries_are_found_in_one_round_trip_wherever_they_are(instance, compute, monkeypatch):
    first, second = instance(), instance()
    for key in ("a", "b", "c"):
        compute(first, value=key.encode(), key=key)
    second.get("analysis", "b")
    trips = []
    real = second._valkey.exchange
    monkeypatch.setattr(second._valkey, "exchange", lambda commands: trips.append(commands) or real(commands))
    hits = second.get_many("analysis", ["c", "b", "a"])
    assert [(hit.value, hit.level) for hit in hits] == [(b"c", "redis"), (b"b", "memory"), (b"a", "redis")]
    assert len(trips) == 1
    assert [hit and hit.value for hit in second.get_many("analysis", ["a", "none", "a"])] == [b"a", None, b"a"]
    first.clear("analysis")
    assert second.get_many("analysis", ["a", "b"]) == [None, None]


def test_many_entries_are_what_this_process_holds_when_the_store_is_away(clock, compute):
    store = connect(ValkeySettings(url="redis://127.0.0.1:1/0"), clock)
    cache = TieredCache(store, clock, LocalLevel())
    compute(cache, key="a")
    assert [hit and hit.value for hit in cache.get_many("analysis", ["a", "b"])] == [b"v", None]


def test_a_clear_takes_effect_at_once_in_instances_that_hold_the_entry(instance, compute, found):
    first, second = instance(), instance()
    compute(first)
    found(second)
    assert first.clear("analysis") == 1
    assert [found(first), found(second)] == [None, None]


def test_a_computation_that_began_before_the_clear_does_not_outlive_it(instance, compute, found):
    first, second = instance(), instance()
    compute(second, key="other")
    _, since = first.get("analysis", "k")
    second.clear("analysis")
    first.put("analysis", "k", b"old", 60.0, since=since)
    assert [found(first), found(second)] == [None, None]


def test_clearing_one_namespace_leaves_another(instance, compute, found):
    cache = instance()
    compute(cache)
    cache.put("answers", "k", b"w", 60.0, since=cache.get("answers", "k")[1])
    cache.clear("answers")
    assert found(cache) == (b"v", "memory")


def test_the_count_of_a_clear_is_what_was_really_removed(instance, compute):
    cache = instance()
    for number in range(1200):
        compute(cache, key=str(number))
    assert cache.clear("analysis") == 1200
    assert cache.clear("analysis") == 0


def test_an_entry_is_gone_when_its_time_is_up(instance, compute, found):
    cache = instance()
    compute(cache, ttl=0.15)
    assert found(cache)
    time.sleep(0.2)
    assert found(cache) is None


def test_the_keys_can_be_seen_by_scanning_for_their_namespace(instance, valkey_url, compute):
    compute(instance(), key="abc")
    with redis.Redis.from_url(valkey_url) as client:
        assert set(client.scan_iter("bs:{analysis}:*")) == {
            b"bs:{analysis}:abc",
            b"bs:{analysis}:@epoch",
            b"bs:{analysis}:@figures",
        }
        assert 0 < client.pttl("bs:{analysis}:abc") <= 60_000
        assert client.pttl("bs:{analysis}:@epoch") == -1


def test_a_store_that_comes_back_empty_makes_processes_forget_too(instance, valkey_server, compute, found):
    first, second = instance(), instance()
    compute(first)
    found(second)
    first.clear("analysis")
    with redis.Redis.from_url(valkey_server.connection_url) as admin:
        admin.flushall()
    assert found(second) is None


def test_without_the_store_what_this_process_holds_serves_for_a_while(clock, compute, found):
    store = connect(ValkeySettings(url="redis://127.0.0.1:1/0"), clock)
    cache = TieredCache(store, clock, LocalLevel())
    compute(cache)
    clock.advance(seconds=29)
    assert found(cache) == (b"v", "memory")
    clock.advance(seconds=2)
    assert found(cache) is None


def test_without_a_store_at_all_this_process_is_the_cache(clock, compute, found):
    cache = TieredCache(None, clock, LocalLevel())
    compute(cache)
    clock.advance(seconds=59)
    assert found(cache) == (b"v", "memory")
    assert cache.clear("analysis") == 1
    assert found(cache) is None


def test_a_clear_that_cannot_be_told_everywhere_is_no_clear(clock):
    store = connect(ValkeySettings(url="redis://127.0.0.1:1/0"), clock)
    with pytest.raises(StoreUnavailable):
        TieredCache(store, clock, LocalLevel()).clear("analysis")


def test_bytes_that_somebody_else_wrote_are_a_miss(instance, valkey_url, compute, found):
    cache = instance()
    compute(cache, key="other")
    with redis.Redis.from_url(valkey_url) as client:
        client.set("bs:{analysis}:k", b"\x07garbage", ex=60)
    assert found(cache) is None


def test_clearing_while_others_write_never_leaves_an_entry_older_than_the_clear(instance, compute):
    writer, clearer = instance(), instance()
    compute(writer, key="first")
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            compute(writer, value=str(number).encode(), key="k")
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    for _ in range(20):
        _, since = clearer.get("analysis", "marker")
        clearer.clear("analysis")
        hit, after = clearer.get("analysis", "k")
        if hit is not None:
            assert after.time - hit.age_seconds > since.time
    stop.set()
    thread.join()
