"""What the cache tells of itself: entries, bytes, hits and misses, over all instances."""

import time

import pytest

from brightspot.cache import Figures, LocalLevel, TieredCache, total
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
    assert cache.figures_here(["analysis"])["analysis"] == Figures(1, 5, 1, 1)
    assert TieredCache(None, clock, LocalLevel()).figures(["analysis"]) is None


def test_figures_add_up():
    assert total([Figures(1, 2, 3, 4), Figures(10, 20, 30, 40, complete=False)]) == Figures(
        11, 22, 33, 44, complete=False
    )
