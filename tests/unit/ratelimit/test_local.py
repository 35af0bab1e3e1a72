"""Limits without the shared store."""

from collections import deque

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.ratelimit import Limit, Limiter, Quota, per_minute
from brightspot.ratelimit.local import LocalLog


def login(limiter, *subjects, weight=1):
    return limiter.local("login", per_minute(10), subjects, weight, fail_open=False)


def test_reads_fail_open(clock):
    limiter = Limiter(None, clock)
    decisions = [limiter.local("read", per_minute(1), ["a"], fail_open=True) for _ in range(5)]
    assert all(each.allowed and each.remaining == 1 and each.retry_after_seconds == 0 for each in decisions)


def test_logins_are_counted_here_exactly(clock):
    limiter = Limiter(None, clock)
    assert [login(limiter, "a").allowed for _ in range(11)] == [True] * 10 + [False]
    assert login(limiter, "b").allowed
    clock.advance(seconds=59.999)
    refused = login(limiter, "a")
    assert (refused.allowed, round(refused.retry_after_seconds, 6)) == (False, 0.001)
    clock.advance(seconds=0.001)
    assert login(limiter, "a").allowed


def test_a_request_refused_for_one_subject_consumes_nothing_at_another(clock):
    limiter = Limiter(None, clock)
    for _ in range(10):
        login(limiter, "busy")
    assert not login(limiter, "busy", "fresh").allowed
    assert login(limiter, "fresh").remaining == 9


def test_a_heavy_request_waits_until_it_fits(clock):
    limiter = Limiter(None, clock)
    for _ in range(10):
        login(limiter, "a")
        clock.advance(seconds=1)
    assert login(limiter, "a", weight=3).retry_after_seconds == 52.0
    assert login(limiter, "a", weight=1).retry_after_seconds == 50.0


def test_beyond_its_bound_the_least_recently_used_subject_is_forgotten(clock):
    log = LocalLog(clock, most_subjects=2)
    once = Limit(1, 60)
    for key in ("a", "b", "c"):
        assert log.take([(key, once)], 1)[0].allowed
    assert [log.take([(key, once)], 1)[0].allowed for key in ("b", "c", "a")] == [False, False, True]


def test_all_logs_together_hold_a_bounded_number_of_units(clock):
    log, most = LocalLog(clock, most_units=1000), Limit(100, 60)
    for number in range(50):
        log.take([(str(number), most)], 100)
    assert sum(map(len, log._logs.values())) == log._units == 1000
    assert not log.take([("49", most)], 1)[0].allowed  # those seen last are the ones that are kept
    clock.advance(seconds=60)
    log.take([(str(number), most) for number in range(40, 50)], 1)
    assert log._units == 10


def test_limits_that_differ_are_counted_side_by_side_and_the_strictest_answers(clock):
    limiter = Limiter(None, clock)
    asked = [Quota("p", per_minute(5), "192.0.2.7"), Quota("p-user", Limit(2, 10), "shared/ada")]
    decisions = [limiter.local_all(asked, fail_open=False) for _ in range(3)]
    assert [each.allowed for each in decisions] == [True, True, False]
    assert (decisions[-1].policy, decisions[-1].retry_after_seconds) == ("p-user", 10.0)
    assert [(each.policy, each.remaining) for each in decisions[-1].standings] == [("p", 3), ("p-user", 0)]


def test_peeking_counts_nothing(clock):
    limiter, asked = Limiter(None, clock), [Quota("login", per_minute(10), "a")]
    assert {limiter.local_peek(asked).remaining for _ in range(20)} == {10}
    login(limiter, "a", weight=10)
    clock.advance(seconds=20)
    peeked = limiter.local_peek(asked)
    assert (peeked.allowed, peeked.remaining, peeked.retry_after_seconds) == (False, 0, 40.0)


@pytest.mark.parametrize(
    ("policy", "subjects", "weight"), [("Bad name", ["a"], 1), ("p", [], 1), ("p", ["a"], 0), ("p", ["a"], 11)]
)
def test_what_can_never_pass_is_a_mistake_of_the_caller(clock, policy, subjects, weight):
    with pytest.raises(ValueError, match=r"name|never pass"):
        Limiter(None, clock).local(policy, per_minute(10), subjects, weight, fail_open=False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(1, 6),
    st.lists(st.tuples(st.sampled_from([0.0, 1 / 1024, 0.375, 0.5, 1.0, 3.0]), st.integers(1, 6)), max_size=40),
)
def test_in_any_window_at_most_n_units_pass_and_every_request_that_fits_does(clock, count, requests):
    limiter, passed = Limiter(None, clock), deque()
    for pause, units in requests:
        clock.advance(seconds=pause)
        now, weight = clock.monotonic(), min(units, count)
        in_window = sum(taken for at, taken in passed if now - at < 1.0)
        allowed = limiter.local("p", Limit(count, 1), ["a"], weight, fail_open=False).allowed
        assert allowed == (in_window + weight <= count)
        if allowed:
            passed.append((now, weight))
