"""The first level forgets by number and by size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.cache.envelope import Envelope, is_tag, unpack
from brightspot.cache.local import LocalLevel


def entry(payload):
    return Envelope(0.0, 10.0, 10.0, (), payload)


def test_the_least_recently_used_goes_first():
    level = LocalLevel(max_items=2)
    level.set("a", entry(b"1"))
    level.set("b", entry(b"2"))
    level.get("a")
    level.set("c", entry(b"3"))
    assert [key for key in "abc" if level.get(key)] == ["a", "c"]


def test_a_value_larger_than_the_whole_is_not_kept_and_drives_nothing_out():
    level = LocalLevel(max_bytes=10)
    level.set("small", entry(b"12345"))
    level.set("large", entry(b"x" * 11))
    assert level.get("small").payload == b"12345"
    assert level.get("large") is None


def test_clearing_a_prefix_counts_what_went():
    level = LocalLevel()
    for key in ("a:1", "a:2", "b:1"):
        level.set(key, entry(b"x"))
    assert level.clear("a:") == 2
    assert level.stats() == {"items": 1, "bytes": 1}


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.binary(max_size=8)), max_size=60))
def test_it_never_holds_more_than_it_may_and_counts_what_it_holds(writes):
    level = LocalLevel(max_items=3, max_bytes=12)
    for key, value in writes:
        level.set(key, entry(value))
        held = [found.payload for name in "abcdef" if (found := level.get(name))]
        assert level.stats() == {"items": len(held), "bytes": sum(map(len, held))}
        assert len(held) <= 3
        assert sum(map(len, held)) <= 12


times = st.floats(0, 4e9)


@given(
    times,
    times,
    times,
    st.lists(
        st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="="), min_size=1), max_size=9
    ),
    st.binary(),
)
def test_an_envelope_reads_as_it_was_written(created, soft, hard, tags, payload):
    written = Envelope(created, soft, hard, tuple(tags), payload)
    assert unpack(written.pack()) == written


@given(st.binary(max_size=60))
def test_foreign_bytes_are_a_miss_or_an_envelope_never_an_error(data):
    found = unpack(data)
    assert found is None or not all(map(is_tag, found.tags)) or found.pack() == data


@pytest.mark.parametrize("tags", [("a b",), ("a=b",), ("",), ("é",), ("x" * 101,), tuple("x" * 99 for _ in range(11))])
def test_what_cannot_be_a_tag_is_not_written(tags):
    with pytest.raises(ValueError, match="tags"):
        Envelope(0, 1, 1, tags, b"").pack()
