"""The in-memory cache forgets by age, by number and by size."""

from hypothesis import given
from hypothesis import strategies as st

from brightspot.cache import MemoryCache


def test_a_value_is_found_with_its_age_until_it_expires(clock):
    cache = MemoryCache(clock)
    cache.set("k", b"v", 10)
    clock.advance(seconds=9.5)
    found = cache.get("k")
    assert (found.value, found.age_seconds) == (b"v", 9.5)
    clock.advance(seconds=0.5)
    assert cache.get("k") is None
    assert cache.stats() == {"items": 0, "bytes": 0}


def test_the_least_recently_used_goes_first(clock):
    cache = MemoryCache(clock, max_items=2)
    cache.set("a", b"1", 10)
    cache.set("b", b"2", 10)
    cache.get("a")
    cache.set("c", b"3", 10)
    assert [key for key in "abc" if cache.get(key)] == ["a", "c"]


def test_a_value_larger_than_the_whole_is_not_kept_and_drives_nothing_out(clock):
    cache = MemoryCache(clock, max_bytes=10)
    cache.set("small", b"12345", 10)
    cache.set("large", b"x" * 11, 10)
    assert cache.get("small").value == b"12345"
    assert cache.get("large") is None


def test_a_time_to_live_of_zero_keeps_nothing_and_drops_what_was_there(clock):
    cache = MemoryCache(clock)
    cache.set("k", b"old", 10)
    cache.set("k", b"new", 0)
    assert cache.get("k") is None


def test_deleting_tells_whether_there_was_something(clock):
    cache = MemoryCache(clock)
    cache.set("k", b"v", 10)
    assert [cache.delete("k"), cache.delete("k")] == [True, False]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.binary(max_size=8)), max_size=60))
def test_it_never_holds_more_than_it_may_and_counts_what_it_holds(writes):
    class Still:
        def monotonic(self):
            return 0.0

    cache = MemoryCache(Still(), max_items=3, max_bytes=12)
    for key, value in writes:
        cache.set(key, value, 10)
        held = [found.value for name in "abcdef" if (found := cache.get(name))]
        assert cache.stats() == {"items": len(held), "bytes": sum(map(len, held))}
        assert len(held) <= 3
        assert sum(map(len, held)) <= 12
