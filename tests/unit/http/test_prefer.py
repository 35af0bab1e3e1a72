"""The Prefer header (RFC 7240): what is understood, what is ignored, and what an answer says was applied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.http.prefer import preferences, wait_of

MOST = 20


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("", {}),
        ("respond-async", {"respond-async": ""}),
        ("respond-async, wait=10", {"respond-async": "", "wait": "10"}),
        ("Respond-Async,WAIT=10", {"respond-async": "", "wait": "10"}),
        (" wait = 10 ;foo; bar=1 , lenient", {"wait": "10", "lenient": ""}),
        ('wait="10"', {"wait": "10"}),
        (r'foo="a,b;\"c\"", wait=3', {"foo": 'a,b;"c"', "wait": "3"}),
        ("wait=1, wait=2", {"wait": "1"}),
        ("wait=1,, ,wait", {"wait": "1"}),
        ("=1, w(ait=2, wait=3", {"wait": "3"}),
        ('foo="not closed, wait=4', {"wait": "4"}),
    ],
)
def test_preferences_are_read_as_the_rfc_writes_them(field, found):
    assert preferences(field) == found


@pytest.mark.parametrize(
    ("field", "seconds"),
    [
        (None, 20),
        ("", 20),
        ("wait=7", 7),
        ("wait=0", 0),
        ("wait=100", 20),
        ("wait=99999999999", 20),
        ("wait=-1", 20),
        ("wait=1.5", 20),
        ("wait", 20),
        ("wait=soon", 20),
        ("respond-async", 0),
        ("respond-async, wait=7", 7),
        ("wait=100;foo, respond-async", 20),
        ("handling=lenient", 20),
    ],
)
def test_the_wait_is_what_was_asked_for_within_its_bounds(field, seconds):
    assert wait_of(field, MOST).seconds == seconds


@pytest.mark.parametrize(
    ("field", "at_once", "applied"),
    [
        (None, False, None),
        ("wait=7", False, "wait=7"),
        ("wait=7", True, "wait=7"),
        ("wait=100", False, "wait=20"),
        ("respond-async", True, "respond-async"),
        ("respond-async", False, None),
        ("respond-async, wait=7", True, "respond-async, wait=7"),
        ("respond-async, wait=7", False, "wait=7"),
        ("wait=soon", False, None),
    ],
)
def test_an_answer_says_which_preferences_it_followed(field, at_once, applied):
    assert wait_of(field, MOST).applied(at_once=at_once) == applied


@given(st.text(alphabet='ab,;= "\\wait-0129\t', max_size=600))
def test_no_header_breaks_it_and_the_wait_stays_within_its_bounds(field):
    wait = wait_of(field, MOST)
    assert 0 <= wait.seconds <= MOST
    assert wait.wanted is None or wait.wanted >= 0
