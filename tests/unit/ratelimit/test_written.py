"""Limits as operators write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.ratelimit import Limit
from brightspot.ratelimit.written import MOST_SECONDS, MOST_UNITS, parsed_limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("100/60", Limit(100, 60)),
        ("100 / 60 s", Limit(100, 60)),
        ("5/0.5", Limit(5, 0.5)),
        ("30 per 1 minute", Limit(30, 60)),
        ("30 per minute", Limit(30, 60)),
        ("1000 Per 2 Hours", Limit(1000, 7200)),
        ("7 per day", Limit(7, 86400)),
        ("100/60 gcra", Limit(100, 60, "gcra")),
        ("30 per 1 minute GCRA", Limit(30, 60, "gcra")),
        (" 30 per 10 seconds log ", Limit(30, 10)),
    ],
)
def test_a_limit_is_read_as_it_is_written(text, limit):
    assert parsed_limit(text) == limit


@pytest.mark.parametrize(
    "text",
    [
        "", "100", "100/", "/60", "0/60", "100/0", "-1/60", "1e3/60", "100/60/60", "100/60 fixed", "30 per fortnight",
        "30per minute", "\u0663\u0660/60x", f"{MOST_UNITS + 1}/60", "1 per 32 days", "1/0.0001", "nan/60", "10/inf",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_what_to_write(text):
    with pytest.raises(ValueError, match=r"100/60 .* 30 per 1 minute"):
        parsed_limit(text)


@given(st.integers(1, MOST_UNITS), st.integers(1, MOST_SECONDS))
def test_what_the_api_tells_can_be_written_back(count, seconds):
    limit = Limit(count, seconds)
    assert parsed_limit(str(limit)) == limit
    assert parsed_limit(f"{count}/{seconds} gcra") == Limit(count, seconds, "gcra")


@given(st.text(max_size=40))
def test_any_text_is_a_limit_within_the_bounds_or_a_value_error(text):
    try:
        limit = parsed_limit(text)
    except ValueError:
        return
    assert 1 <= limit.count <= MOST_UNITS
    assert 0 < limit.seconds <= MOST_SECONDS
