"""The headers of a decision: what clients parse today, and the IETF draft's structured fields."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.ratelimit import Limit, headers, per_minute
from brightspot.ratelimit.decision import Count, Told, strictest
from tests.structured_fields import read_list

AT = 1_767_225_600_250_000  # a quarter of a second into 2026


def test_a_request_that_passes_is_told_what_is_left():
    decision = strictest([Told("analyze", per_minute(100), Count(True, 50, 29_100_000, AT))])
    assert headers(decision) == {
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Remaining": "50",
        "X-RateLimit-Reset": "1767225630",
        "RateLimit-Policy": '"analyze";q=100;w=60',
        "RateLimit": '"analyze";r=50;t=30',
    }


def test_a_refused_one_is_told_when_to_come_back_rounded_up():
    told = headers(strictest([Told("login", per_minute(10), Count(False, 0, 4_000_001, AT))]))
    assert (told["Retry-After"], told["RateLimit"]) == ("5", '"login";r=0;t=5')
    assert told["X-RateLimit-Reset"] == "1767225605"


def test_retry_after_is_never_zero_and_a_window_never_less_than_a_second():
    told = headers(strictest([Told("burst", Limit(5, 0.2), Count(False, 0, 0, AT))]))
    assert (told["Retry-After"], told["RateLimit-Policy"]) == ("1", '"burst";q=5;w=1')


def test_of_subjects_that_pass_the_one_with_least_left_is_told():
    counts = [Count(True, 7, 1, AT), Count(True, 3, 5, AT), Count(True, 9, 9, AT)]
    assert strictest([Told("p", per_minute(10), each) for each in counts]).remaining == 3


def test_a_refusal_wins_over_a_pass_and_the_longest_wait_over_shorter_ones():
    counts = [Count(True, 0, 60_000_000, AT), Count(False, 0, 1_000_000, AT), Count(False, 2, 2_000_000, AT)]
    decision = strictest([Told("p", per_minute(10), each) for each in counts])
    assert (decision.allowed, decision.remaining, decision.retry_after_seconds) == (False, 0, 2.0)
    assert decision.reset_after_seconds == decision.retry_after_seconds


def test_every_policy_is_listed_once_by_its_strictest_subject_and_the_strictest_of_all_is_told_apart():
    users = Limit(500, 3600, "gcra")
    told = [
        Told("analyze", per_minute(100), Count(True, 50, 29_000_000, AT)),
        Told("analyze-user", users, Count(True, 9, 7_200_001, AT)),
        Told("analyze", per_minute(100), Count(True, 12, 1, AT)),
    ]
    told = headers(strictest(told))
    assert told["RateLimit-Policy"] == '"analyze";q=100;w=60, "analyze-user";q=500;w=3600'
    assert told["RateLimit"] == '"analyze";r=12;t=1, "analyze-user";r=9;t=8'
    assert (told["X-RateLimit-Limit"], told["X-RateLimit-Remaining"]) == ("500", "9")


def test_what_nobody_counted_is_not_told():
    told = headers(strictest([Told("analyze", per_minute(100), Count(True, 100, 0, AT))], counted=False))
    assert told == {"X-RateLimit-Limit": "100", "RateLimit-Policy": '"analyze";q=100;w=60'}


counts = st.builds(Count, st.booleans(), st.integers(0, 10**5), st.integers(0, 31 * 86400 * 10**6), st.just(AT))
policies = st.from_regex(r"[a-z0-9_-]{1,40}", fullmatch=True)
limits = st.builds(Limit, st.integers(1, 10**5), st.floats(0.001, 31 * 86400))


@given(st.lists(st.builds(Told, policies, limits, counts), min_size=1, max_size=4, unique_by=lambda each: each.policy))
def test_the_drafts_fields_are_structured_fields_that_say_what_was_decided(told):
    fields = headers(strictest(told))
    quotas, left = read_list(fields["RateLimit-Policy"]), read_list(fields["RateLimit"])
    assert [name for name, _ in quotas] == [name for name, _ in left] == [each.policy for each in told]
    for each, (_, quota), (_, rest) in zip(told, quotas, left, strict=True):
        assert quota == {"q": each.limit.count, "w": ceil(each.limit.seconds)}
        assert rest["r"] == (each.answer.remaining if each.answer.allowed else 0)
        assert 0 <= rest["t"] - each.answer.wait / 1e6 < 1
    refused = [each.answer.wait / 1e6 for each in told if not each.answer.allowed]
    assert ("Retry-After" in fields) == bool(refused)
    if refused:
        assert max(refused) <= int(fields["Retry-After"]) < max(1, max(refused) + 1) + 1e-9


@pytest.mark.parametrize(
    "text", ["", '"a"', '"a";q', '"a";q=1,', '"a";q=1 "b"', 'a"b', '"a";Q=1', '"a";q=1.5', '"\u00e9"']
)
def test_the_reader_of_structured_fields_is_strict(text):
    if text in {'"a"', '"a";q'}:
        assert read_list(text)[0][0] == "a"
    else:
        with pytest.raises(ValueError, match=r"structured|comma"):
            read_list(text)
