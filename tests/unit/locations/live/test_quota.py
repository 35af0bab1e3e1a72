"""A provider is asked no more often than it allows: a near turn is waited for, a far one is not."""

import pytest

from brightspot.locations.collectors.live.errors import QuotaUsedUp
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.quota import Quota
from brightspot.ratelimit import Limit, Limiter
from brightspot.resilience import Deadline


@pytest.fixture
def quota(clock):
    """`quota(Limit(...), ...)`: without a shared store, so this process counts alone."""

    def made(*limits):
        facts = Facts("some_source", "", "", "", "", "https://example.org", {}, limits)
        return Quota(facts, None, Limiter(None, clock), lambda seconds: clock.advance(seconds=seconds))

    return made


def test_a_near_turn_is_waited_for(quota, clock):
    one_a_second, started = quota(Limit(1, 1)), clock.monotonic()
    for _ in range(4):
        one_a_second.take(Deadline.after(clock, 10))
    assert clock.monotonic() - started == pytest.approx(3.0)


def test_a_far_turn_is_not(quota, clock):
    five_a_day = quota(Limit(5, 86_400))
    for _ in range(5):
        five_a_day.take(Deadline.after(clock, 10))
    with pytest.raises(QuotaUsedUp, match="its limit of 5 per 1 day is used up"):
        five_a_day.take(Deadline.after(clock, 10))
    clock.advance(seconds=86_400)
    five_a_day.take(Deadline.after(clock, 10))


def test_no_turn_beyond_the_deadline_is_waited_for(quota, clock):
    one_a_second = quota(Limit(1, 1))
    one_a_second.take(Deadline.after(clock, 0.5))
    with pytest.raises(QuotaUsedUp):
        one_a_second.take(Deadline.after(clock, 0.5))


def test_of_several_limits_the_strictest_counts(quota, clock):
    both = quota(Limit(10, 1), Limit(2, 3600))
    for _ in range(2):
        both.take(Deadline.after(clock, 10))
    with pytest.raises(QuotaUsedUp, match="2 per 1 hour"):
        both.take(Deadline.after(clock, 10))
