"""Cluster mode: the same trips, whoever has the slots."""

import pytest
import redis

from brightspot.cache import LocalLevel, TieredCache
from brightspot.core.clock import SystemClock
from brightspot.ratelimit import Limit, Limiter, Quota, per_minute
from brightspot.valkey import Script, StoreUnavailable, ValkeySettings, connect
from tests.integration.ratelimit.processes import passed_of

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


@pytest.mark.parametrize("algorithm", ["log", "gcra"])
def test_limits_of_address_and_user_are_asked_peeked_at_and_given_back_whatever_nodes_have_them(cluster, algorithm):
    limiter, limit = Limiter(cluster, SystemClock()), Limit(3, 86400, algorithm)

    def decided(question, number):
        trip = cluster.trip()
        pending = question(trip, [Quota("p", limit, f"192.0.2.{number}"), Quota("p-user", limit, algorithm)])
        trip.run()
        return pending.decide()

    assert [decided(limiter.ask_all, number).allowed for number in range(5)] == [True] * 3 + [False] * 2
    assert [each.remaining for each in decided(limiter.peek, 0).standings] == [2, 0]
    assert [each.remaining for each in decided(limiter.peek, 4).standings] == [3, 0]  # given back


@pytest.mark.parametrize("algorithm", ["log", "gcra"])
def test_of_200_calls_at_once_from_4_processes_exactly_n_pass(cluster, cluster_url, algorithm):
    cluster.call("DEL", f"bs:ratelimit:{{p:192.0.2.7}}:{algorithm}")
    assert passed_of(cluster_url, algorithm, 100, processes=4, calls=50, cluster=True) == 100


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
