"""Retry-After says seconds or a date; what says neither says nothing."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.resilience.retry_after import retry_after_seconds

NOW = datetime(2026, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Fri, 06 Nov 2026 08:50:37 GMT", 60),
        ("Fri, 06 Nov 2026 08:50:37 -0000", 60),
        ("Friday, 06-Nov-26 08:50:37 GMT", 60),
        ("Fri, 06 Nov 2026 08:40:00 GMT", 0),
        (None, 0),
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("+99999999999 Nov Nov- 08:50:37 +99999999999 1e9 - 2026", 0),
        ("1.5", 0),
        ("\N{ARABIC-INDIC DIGIT FIVE}", 0),
    ],
)
def test_both_forms_are_read_and_anything_else_is_no_wait(header, seconds):
    assert retry_after_seconds(header, NOW) == seconds


@given(away=st.integers(0, 10_000_000))
def test_a_date_says_what_its_seconds_would(away):
    header = format_datetime(NOW + timedelta(seconds=away), usegmt=True)
    assert retry_after_seconds(header, NOW) == away


TOKENS = ["Fri,", "06", "Nov", "2026", "9" * 20, "08:50:37", "8:5", "GMT", "+" + "9" * 11, "-0000", "(", "-", "24:99"]


@given(header=st.text() | st.lists(st.sampled_from(TOKENS)).map(" ".join))
def test_no_text_breaks_it(header):
    assert retry_after_seconds(header, NOW) >= 0
