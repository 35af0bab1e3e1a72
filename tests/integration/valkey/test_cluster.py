"""Cluster mode: the same trips, whoever has the slots."""

import pytest
import redis

from brightspot.cache import LocalLevel, TieredCache
from brightspot.core.clock import SystemClock
from brightspot.ratelimit import Limiter, per_minute
from brightspot.valkey import Script, StoreUnavailable, ValkeySettings, connect

ADD = Script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
KEYS = [f"bs:test:{{{number}}}:x" for number in range(20)]  # on all three nodes


@pytest.fixture
def cluster(cluster_url):
    store = connect(ValkeySettings(url=cluster_url, cluster=True, connect_ms=1000, read_ms=1000), SystemClock())
    yield store
    store.call("SCRIPT", "FLUSH")
    store.close()


def test_the_questions_of_one_trip_reach_the_nodes_that_have_their_keys(cluster):
    trip = cluster.trip()
    time = trip.add("TIME")
    written = [trip.add("SET", key, key, "PX", 60_000) for key in KEYS]
    read = [trip.add("GET", key) for key in KEYS]
    trip.run()
    assert len(time.value) == 2
    assert [each.value for each in written] == [b"OK"] * 20
    assert [each.value for each in read] == [key.encode() for key in KEYS]


def test_a_script_is_loaded_on_every_node(cluster):
    assert [cluster.run(ADD, [f"bs:sum:{{{number}}}:x"], [number]) for number in range(20)] == list(range(20))


def test_a_client_without_cluster_mode_is_told_what_it_did_wrong(cluster_url):
    store = connect(ValkeySettings(url=cluster_url), SystemClock())
    trip = store.trip()
    answers = [trip.add("GET", key) for key in KEYS]
    trip.run()
    with pytest.raises(StoreUnavailable, match="MOVED"):
        _ = [each.value for each in answers]


def test_cache_and_limits_work_and_a_clear_finds_every_entry(cluster):
    cache = TieredCache(cluster, SystemClock(), LocalLevel())
    for number in range(30):
        _, since = cache.get("analysis", f"key-{number}")
        cache.put("analysis", f"key-{number}", b"value", 60, since=since)
    assert TieredCache(cluster, SystemClock(), LocalLevel()).get("analysis", "key-7")[0].value == b"value"
    assert cache.clear("analysis") == 30
    limiter = Limiter(cluster, SystemClock())
    assert [allowed(cluster, limiter) for _ in range(3)] == [True, True, False]


def allowed(cluster, limiter):
    trip = cluster.trip()
    pending = limiter.ask(trip, "test", per_minute(2), ["192.0.2.9"])
    trip.run()
    return pending.decide().allowed


def test_a_cluster_that_is_away_is_an_outage(clock):
    store = connect(ValkeySettings(url="redis://127.0.0.1:1/0", cluster=True), clock)
    with pytest.raises(StoreUnavailable, match="ConnectionLost"):
        store.call("PING")
    with pytest.raises(StoreUnavailable, match="rests"):
        store.call("PING")


def test_connections_that_the_nodes_closed_are_replaced_at_once(cluster, cluster_ports):
    cluster.call("SET", KEYS[0], "v", "PX", 60_000)
    for port in cluster_ports:
        with redis.Redis(port=port) as admin:
            admin.client_kill_filter(_type="normal", skipme=True)
    assert cluster.call("GET", KEYS[0]) == b"v"
