"""The sketch of keys keeps the bounds that it is known for, whatever comes in whatever order."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from brightspot.store.access.heavy_hitters import HeavyHitters

STREAMS = st.lists(st.integers(0, 30) | st.integers(0, 3), max_size=300)


@given(STREAMS, st.integers(1, 12))
def test_a_count_is_off_by_its_error_at_most_and_no_error_exceeds_the_share_of_a_counter(stream, counters):
    sketch, true = HeavyHitters(counters), Counter(stream)
    for each in stream:
        sketch.add(each)
    assert sketch.arrivals == len(stream)
    assert len(sketch.counted) <= counters
    for key, heavy in sketch.counted.items():
        assert heavy.least <= true[key] <= heavy.count
        assert heavy.error <= len(stream) / counters


@given(STREAMS, st.integers(1, 12))
def test_whatever_comes_more_often_than_the_share_of_a_counter_is_counted(stream, counters):
    sketch = HeavyHitters(counters)
    for each in stream:
        sketch.add(each)
    often = {key for key, times in Counter(stream).items() if times > len(stream) / counters}
    assert often <= set(sketch.counted)
    assert sum(each.count for each in sketch.counted.values()) == len(stream)


@given(STREAMS)
def test_with_a_counter_for_each_key_it_counts_exactly(stream):
    sketch = HeavyHitters(31)
    for each in stream:
        sketch.add(each)
    assert {key: heavy.count for key, heavy in sketch.counted.items()} == Counter(stream)
