"""An entry as bytes: it reads as it was written, and what nobody of us wrote is a miss."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.cache.envelope import HEAD_BYTES, Envelope, is_tag, read

times = st.floats(0, 4e9)
tags = st.lists(
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="="), min_size=1), max_size=9
)


@given(times, times, times, tags, st.binary())
def test_an_envelope_reads_as_it_was_written(created, soft, hard, tags, payload):
    written = Envelope(created, soft, hard, tuple(tags), payload)
    found = read(written.pack())
    assert (found.flags, found.envelope) == (0, written)


def test_entries_of_the_first_version_stay_readable():
    """Bytes as they were laid out before there were flags, put together by hand."""
    old = struct.pack(">BBdddH", 1, 0, 1.0, 2.0, 3.0, 8) + b"state:MN" + b"payload"
    assert read(old).envelope == Envelope(1.0, 2.0, 3.0, ("state:MN",), b"payload")


@given(tags, st.integers(0, 3), st.binary(min_size=1100, max_size=1200))
def test_tags_and_times_are_told_by_the_head_alone_whatever_the_flags(tags, flags, payload):
    entry = Envelope(1.5, 2.5, 3.5, tuple(tags), payload)
    found = read((entry.head(flags) + payload)[:HEAD_BYTES])
    assert (found.flags, found.envelope.tags, found.envelope.hard) == (flags, entry.tags, 3.5)


@pytest.mark.parametrize(("version", "flags"), [(0, 0), (2, 0), (1, 4), (1, 128), (1, 7)])
def test_what_a_later_version_writes_is_a_miss(version, flags):
    packed = bytearray(Envelope(1.0, 2.0, 3.0, (), b"x").pack())
    packed[:2] = version, flags
    assert read(bytes(packed)) is None


@given(st.binary(max_size=60))
def test_foreign_bytes_are_a_miss_or_an_envelope_never_an_error(data):
    found = read(data)
    if found is not None and all(map(is_tag, found.envelope.tags)):
        assert found.envelope.head(found.flags) + found.envelope.payload == data


@pytest.mark.parametrize("tags", [("a b",), ("a=b",), ("",), ("é",), ("x" * 101,), tuple("x" * 99 for _ in range(11))])
def test_what_cannot_be_a_tag_is_not_written(tags):
    with pytest.raises(ValueError, match="tags"):
        Envelope(0, 1, 1, tags, b"").pack()
