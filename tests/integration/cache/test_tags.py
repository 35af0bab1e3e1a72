"""Clearing by tag: what has the tag is gone everywhere at once, and nothing else is."""

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.cache import LocalLevel, TieredCache

HERE, THERE = ("zip:55901", "state:MN"), ("zip:10001", "state:NY")


def test_only_what_has_the_tag_goes_and_the_count_says_how_many(instance, compute, found):
    cache = instance()
    for key, tags in {"a": HERE, "b": HERE, "c": THERE, "d": ()}.items():
        compute(cache, key=key, tags=tags)
    assert [cache.clear("analysis", "state:MN"), cache.clear("analysis", "state:MN")] == [2, 0]
    assert [found(cache, key) is not None for key in "abcd"] == [False, False, True, True]


def test_it_takes_effect_at_once_in_instances_that_hold_the_entry(instance, compute, found):
    first, second = instance(), instance()
    compute(first, tags=HERE)
    assert found(second) == (b"v", "redis")
    first.clear("analysis", "zip:55901")
    assert [found(second), found(first)] == [None, None]


def test_a_computation_that_began_before_it_does_not_outlive_it(instance, found):
    first, second = instance(), instance()
    _, since = first.get("analysis", "k")
    second.clear("analysis", "state:MN")
    first.put("analysis", "k", b"old", 60.0, since=since, tags=HERE)
    assert [found(first), found(second)] == [None, None]


def test_what_is_computed_after_it_is_kept(instance, compute, found):
    cache = instance()
    compute(cache, key="other")
    cache.clear("analysis", "state:MN")
    compute(cache, tags=HERE)
    assert found(instance()) == (b"v", "redis")


def test_clearing_the_namespace_covers_its_tags(instance, compute, found, valkey_url):
    cache = instance()
    compute(cache, tags=HERE)
    cache.clear("analysis", "state:MN")
    cache.clear("analysis")
    with redis.Redis.from_url(valkey_url) as client:
        assert b"=" not in client.get("bs:{analysis}:@epoch")
    compute(cache, tags=HERE)
    assert found(cache) == (b"v", "memory")


def test_one_tag_too_many_makes_more_stale_and_never_less(instance, compute, found, valkey_url):
    cache = instance()
    compute(cache, key="before", tags=HERE)
    cache.clear("analysis", "state:MN")
    compute(cache, key="after", tags=THERE)
    for number in range(64):
        cache.clear("analysis", f"zip:{number:05}")
    with redis.Redis.from_url(valkey_url) as client:
        epochs = client.get("bs:{analysis}:@epoch").split()
    assert len(epochs) == 65
    assert not any(each.startswith(b"state:MN=") for each in epochs)
    cache.put("analysis", "before", b"old", 60.0, since=None)
    assert found(cache, "after") == (b"v", "memory")
    _, since = cache.get("analysis", "x")
    assert since.time > float(epochs[0])


def test_without_a_store_it_is_this_process_that_is_cleared(clock, compute, found):
    cache = TieredCache(None, clock, LocalLevel())
    compute(cache, key="a", tags=HERE)
    compute(cache, key="b", tags=THERE)
    assert cache.clear("analysis", "zip:55901") == 1
    assert [found(cache, "a"), found(cache, "b")] == [None, (b"v", "memory")]


@pytest.mark.parametrize("tag", ["", "a b", "a=b", "a\nb", "zip:5590½", "x" * 101])
def test_what_cannot_be_a_tag_is_refused_before_anything_is_kept_or_cleared(instance, compute, found, tag):
    cache = instance()
    with pytest.raises(ValueError, match="tag"):
        compute(cache, tags=[tag])
    assert found(cache) is None
    compute(cache, tags=HERE)
    with pytest.raises(ValueError, match="tag"):
        cache.clear("analysis", tag)
    assert found(cache) == (b"v", "memory")


TAGS = {"a": HERE, "b": THERE, "c": (), "d": ("state:MN",)}  # of each key, always the same
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("keep"), st.sampled_from(sorted(TAGS))),
        st.tuples(st.just("clear"), st.sampled_from([None, "state:MN", "zip:55901", "state:NY", "zip:99999"])),
    ),
    max_size=12,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_sequence_leaves_what_a_plain_model_leaves(instance, compute, found, valkey_url, steps):
    with redis.Redis.from_url(valkey_url) as client:
        for name in client.scan_iter("bs:*"):
            client.delete(name)
    caches, model = (instance(), instance()), set()
    for at, (what, key_or_tag) in enumerate(steps):
        cache = caches[at % 2]
        if what == "keep":
            compute(cache, key=key_or_tag, tags=TAGS[key_or_tag])
            model.add(key_or_tag)
        else:
            gone = {key for key in model if key_or_tag is None or key_or_tag in TAGS[key]}
            assert cache.clear("analysis", key_or_tag) == len(gone)
            model -= gone
        assert [{key for key in TAGS if found(each, key)} for each in caches] == [model] * 2
