"""The headers of a decision: what clients parse today, and the IETF draft's structured fields."""

from brightspot.ratelimit import Limit, headers, per_minute
from brightspot.ratelimit.decision import Count, Told, strictest

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
