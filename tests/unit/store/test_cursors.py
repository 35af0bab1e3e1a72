"""Cursors come back as they left, and nothing else passes for one."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.core.errors import InputRefused
from brightspot.store import decode_cursor, encode_cursor

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(st.text(max_size=100))
def test_a_cursor_comes_back_as_it_left_and_needs_no_escaping_in_a_url(after):
    cursor = encode_cursor("history", after)
    assert set(cursor) <= set(ALPHABET)
    if len(cursor) <= 512:
        assert decode_cursor("history", cursor) == after


@given(st.text(max_size=60) | st.text(ALPHABET, max_size=60))
def test_any_other_text_is_refused_with_what_to_send(text):
    with pytest.raises(InputRefused, match="send the next_cursor") as refused:
        decode_cursor("history", text)
    assert refused.value.field == "cursor"


@given(st.data())
def test_a_cursor_with_one_character_changed_is_refused_or_another_position(data):
    cursor = encode_cursor("history", "01M7WEYZ4S3T9Q4R7Y2K5H8N0C")
    at = data.draw(st.integers(0, len(cursor) - 1))
    changed = cursor[:at] + data.draw(st.sampled_from(ALPHABET.replace(cursor[at], ""))) + cursor[at + 1 :]
    with suppress(InputRefused):
        assert decode_cursor("history", changed) != "01M7WEYZ4S3T9Q4R7Y2K5H8N0C"


def test_a_cursor_of_another_list_is_refused():
    with pytest.raises(InputRefused):
        decode_cursor("jobs", encode_cursor("history", "x"))
