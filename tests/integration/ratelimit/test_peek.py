"""Asking without counting, on a real server and beside the question that counts."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.core.clock import SystemClock
from brightspot.ratelimit import Limit, Limiter, Quota
from brightspot.ratelimit.asked import GCRA, LOG, PEEK_GCRA, PEEK_LOG

KEY = "bs:ratelimit:{p:a}:x"
SECOND = 1_000_000
BOTH = pytest.mark.parametrize(("script", "peek"), [(LOG, PEEK_LOG), (GCRA, PEEK_GCRA)], ids=["log", "gcra"])


@BOTH
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    most=st.integers(1, 12),
    requests=st.lists(
        st.tuples(st.sampled_from([0, 1, 142_857, 500_000, SECOND, 3 * SECOND, -1000]), st.integers(1, 8)), max_size=20
    ),
)
def test_a_peek_says_what_asking_will_say_and_changes_nothing(
    valkey, told_the_time, epoch, script, peek, most, requests
):
    script, peek, now = told_the_time(script), told_the_time(peek), epoch
    valkey.call("DEL", KEY)
    for pause, units in requests:
        now, weight = now + pause, min(units, most)
        before = valkey.call("DUMP", KEY)
        peeked = valkey.run(peek, [KEY], [most, SECOND, weight, now])
        assert valkey.call("DUMP", KEY) == before
        asked = valkey.run(script, [KEY], [most, SECOND, weight, now])
        assert (peeked[0], peeked[3]) == (asked[0], asked[3])
        if asked[0]:
            assert peeked[1] - weight == asked[1]
            assert (peeked[2] == 0) == (peeked[1] == most)
        else:
            assert peeked[1:3] == asked[1:3]


@BOTH
def test_a_fresh_subject_has_all_of_it_and_leaves_no_key(valkey, script, peek):
    allowed, left, wait, _ = valkey.run(peek, [KEY], [3, SECOND, 1])
    assert (allowed, left, wait, valkey.call("EXISTS", KEY)) == (1, 3, 0, 0)


@pytest.mark.parametrize("algorithm", ["log", "gcra"])
def test_the_limiter_peeks_at_several_quotas_on_one_trip(valkey, algorithm):
    limiter = Limiter(valkey, SystemClock())
    asked = [Quota("p", Limit(5, 60, algorithm), "a"), Quota("p-user", Limit(2, 60, algorithm), "ada")]

    def decided(question, weight=1):
        trip = valkey.trip()
        pending = question(trip, asked, weight)
        trip.run()
        return pending.decide()

    assert [decided(limiter.peek).remaining for _ in range(5)] == [2] * 5
    decided(limiter.ask_all, 2)
    peeked = decided(limiter.peek)
    assert (peeked.allowed, peeked.policy) == (False, "p-user")
    assert peeked.retry_after_seconds > 29 / (algorithm == "gcra" or 1)
    assert [each.remaining for each in peeked.standings] == [3, 0]
