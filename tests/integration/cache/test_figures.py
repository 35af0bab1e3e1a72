"""What the cache tells of itself: entries, bytes, hits and misses, over all instances."""

import time

import pytest
import redis

from brightspot.cache import Figures, LocalLevel, TieredCache, total
from brightspot.cache.envelope import Envelope
from brightspot.cache.local import size_of
from brightspot.core.clock import SystemClock
from brightspot.valkey import StoreUnavailable, ValkeySettings, connect


def of(cache):
    return cache.figures(["analysis"])["analysis"]


def asked(cache):
    told = of(cache)
    return told.hits, told.misses


def test_hits_and_misses_are_those_of_all_instances_whichever_level_had_the_answer(instance, compute, found):
    first, second = instance(), instance()
    compute(first)
    levels = [found(first)[1], found(second)[1], found(second)[1]]
    assert levels == ["memory", "redis", "memory"]
    assert [asked(each) for each in (first, second, instance())] == [(3, 1)] * 3


def test_hits_are_told_by_the_level_that_had_the_answer(instance, compute, found):
    first, second = instance(), instance()
    compute(first)
    assert [found(each)[1] for each in (first, first, second, second, second)] == [
        "memory", "memory", "redis", "memory", "memory",
    ]  # fmt: skip
    told = of(instance())
    assert (told.hits, told.memory, told.redis, told.dynamodb, told.misses, told.stale) == (5, 4, 1, 0, 1, 0)


def test_an_entry_that_was_there_but_cleared_is_a_stale_miss_and_a_hit_of_no_level(
    instance, compute, found, valkey_url
):
    first, second = instance(), instance()
    compute(first)
    found(second)
    with redis.Redis.from_url(valkey_url) as client:  # as a clear that does not come to remove what it made stale
        kept = client.get("bs:{analysis}:k")
        first.clear("analysis")
        client.set("bs:{analysis}:k", kept, ex=60)
    asking = (second, instance())  # the one holds it, the other finds it in the store
    assert [each.get_many("analysis", ["k"]) for each in asking] == [[None], [None]]
    told = of(first)
    assert (told.hits, told.memory, told.redis) == (1, 0, 1)
    assert (told.misses, told.stale) == (3, 2)


def test_what_compressing_saved_is_counted_on_the_trip_that_keeps(instance, compute, monkeypatch):
    cache = instance()
    _, since = cache.get("analysis", "k")
    trips = []
    real = cache._valkey.exchange
    monkeypatch.setattr(cache._valkey, "exchange", lambda commands: trips.append(commands) or real(commands))
    cache.put("analysis", "k", b"x" * 5000, 60.0, since=since)
    assert len(trips) == 1
    told = of(cache)
    assert 4900 < told.saved < 5000
    assert told.size == len("bs:{analysis}:k") + 28 + 5000 - told.saved
    compute(cache, value=b"y" * 1023, key="small")
    cache.put("analysis", "raw", b"x" * 5000, 60.0, since=None, compress=False)
    assert of(cache).saved == told.saved


def test_a_miss_that_nothing_comes_of_is_told_with_the_next_question(instance, compute, found):
    cache = instance()
    assert found(cache, "absent") is None
    compute(cache)
    assert asked(cache) == (0, 2)


def test_a_cleared_entry_is_a_miss_for_those_that_hold_it(instance, compute, found):
    first, second = instance(), instance()
    compute(first)
    found(second)
    first.clear("analysis")
    compute(second)
    assert asked(first) == (1, 2)


def test_many_questions_in_one_round_trip_count_one_by_one(instance, compute):
    first, second = instance(), instance()
    compute(first, key="a")
    assert [hit and hit.level for hit in second.get_many("analysis", ["a", "b", "a", "c"])] == [
        "redis", None, "redis", None,
    ]  # fmt: skip
    assert asked(first) == (2, 3)


def test_a_question_whose_answer_nobody_may_see_counts_as_nothing(instance, compute, valkey):
    cache = instance()
    compute(cache)
    caller = TieredCache(valkey, SystemClock(), LocalLevel())
    trip = valkey.trip()
    lookup = caller.ask(trip, "analysis", "k")
    trip.run()
    lookup.unused()
    caller.get("analysis", "k")
    assert asked(cache) == (1, 1)
    assert (of(cache).memory, of(cache).redis) == (0, 1)


def test_items_and_bytes_are_counted_in_the_store(instance, compute):
    cache = instance(local=LocalLevel(max_items=0))
    for number in range(1100):
        compute(cache, value=b"x" * 100, key=f"{number:04}", tags=["zip:55901"])
    told = of(cache)
    assert told.items == 1100
    assert told.size == 1100 * (len("bs:{analysis}:0000") + 28 + len("zip:55901") + 100)
    assert told.complete


def test_what_has_expired_is_not_counted(instance, compute):
    cache = instance()
    compute(cache, ttl=0.05)
    time.sleep(0.1)
    assert of(cache).items == 0


def test_counting_ends_when_its_time_is_over_and_says_so(valkey, clock, compute):
    cache = TieredCache(valkey, clock, LocalLevel())
    for number in range(1200):
        compute(cache, key=str(number))
    scan = valkey.call

    def slow(*command):
        clock.advance(seconds=6)
        return scan(*command)

    valkey.call = slow
    told = of(cache)
    assert 0 < told.items < 1200
    assert not told.complete


def test_without_the_store_there_are_figures_of_this_process_only(clock, compute, found):
    store = connect(ValkeySettings(url="redis://127.0.0.1:1/0"), clock)
    cache = TieredCache(store, clock, LocalLevel())
    compute(cache, value=b"12345")
    found(cache)
    with pytest.raises(StoreUnavailable):
        cache.figures(["analysis"])
    size = size_of("bs:{analysis}:k", Envelope(0.0, 60.0, 60.0, (), b"12345"))
    assert cache.figures_here(["analysis"])["analysis"] == Figures(1, size, 1, 1, memory=1, kept=5)
    assert TieredCache(None, clock, LocalLevel()).figures(["analysis"]) is None


def test_figures_add_up():
    one = Figures(1, 2, 3, 4, True, 5, 6, 7, 8, 9)
    other = Figures(10, 20, 30, 40, False, 50, 60, 70, 80, 90)
    assert total([one, other]) == Figures(11, 22, 33, 44, False, 55, 66, 77, 88, 99)


@pytest.mark.parametrize("counts", [{"misses": 3}, {"lost": 2, "held": 1}, {"sought": 1, "dynamodb": 4}, {"held": -1}])
def test_where_an_outage_lost_a_part_of_the_counting_no_figure_is_below_zero(counts):
    told = Figures.of(counts, 0, 0)
    assert min(told.hits, told.misses, told.memory, told.redis, told.dynamodb, told.stale) >= 0
