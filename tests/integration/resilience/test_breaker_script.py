"""The Lua script and the local machine are the same breaker."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.resilience import BreakerSettings
from brightspot.resilience.breaker_events import Verdict
from brightspot.resilience.breaker_machine import Machine
from brightspot.resilience.breaker_reading import key_of
from brightspot.resilience.breaker_settings import BUCKETS
from brightspot.resilience.breaker_store import SCRIPT

MS = 1000
EVENTS = ["permit", "permit", "permit", "ok", "ok", "slow", "failed", "failed", "timeout", "cancelled", "open", "close"]
PAUSES = ["none", "none", "none", "moment", "bucket", "over", "over", "before over", "lease", "before lease", "long"]
BY_HAND = 700 * MS
_names = count()


def arguments(rules, event, lease, jitter, now):
    times = [each * MS for each in (rules.timeout_ms, rules.longest_ms)]
    trials = [rules.trial_calls, rules.lease_ms * MS]
    rate = [rules.rate_calls, rules.bucket_us, repr(rules.failure_percent), repr(jitter)]
    return [event, lease, rules.threshold, *times, *trials, *rate, BY_HAND, 60_000, now]


def later(machine, now, pause):
    """The time after a pause: so many microseconds, or just when something of the breaker ends, or shortly before."""
    ends = min(machine.leases.values(), default=now) if pause.endswith("lease") else machine.over
    passed = {"none": 0, "moment": 1, "bucket": machine.rules.bucket_us, "long": 5000 * MS}
    if pause in passed:
        return now + passed[pause]
    return max(now, ends - (1 if pause.startswith("before") else 0))


def read(window):
    """The buckets that the script keeps, by their number."""
    parts = (part.replace("/", "=").split("=") for part in window.split())
    return {int(number): (int(calls), int(bad)) for number, calls, bad in parts}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        BreakerSettings,
        threshold=st.integers(1, 3),
        timeout_ms=st.just(1000),
        longest_ms=st.integers(0, 5000),
        trial_calls=st.integers(1, 3),
        lease_ms=st.just(500),
        window_ms=st.sampled_from([1000, 3000]),
        rate_calls=st.sampled_from([0, 3, 6]),
        failure_percent=st.sampled_from([33.4, 50.0, 100.0]),
    ),
    st.lists(
        st.tuples(st.sampled_from(PAUSES), st.sampled_from(EVENTS), st.sampled_from([0, 0, 1, 2]), st.floats(0, 0.999)),
        min_size=20,
        max_size=60,
    ),
)
def test_both_answer_the_same_to_every_story(valkey, told_the_time, epoch, rules, story):
    script, name, now = told_the_time(SCRIPT), f"n{next(_names)}", epoch
    machine, leases = Machine(rules, now), ["", "gone"]
    for pause, event, which, jitter in story:
        now = later(machine, now, pause)
        lease = "" if event == "permit" else leases[-1 - which % len(leases)]
        answer = valkey.run(script, [key_of(name)], arguments(rules, event, lease, jitter, now))
        verdict = machine.apply(event, lease, now, jitter, BY_HAND)
        assert Verdict.of(answer) == verdict
        if verdict.lease:
            leases.append(verdict.lease)
    kept = valkey.call("HMGET", key_of(name), "state", "failures", "successes", "until", "opens", "opened", "window")
    if kept[0] is not None:
        oldest = now // rules.bucket_us - BUCKETS
        told, own = (
            {each: many for each, many in window.items() if each > oldest}
            for window in (read(kept[6].decode()), machine.buckets)
        )
        assert (kept[0].decode(), told) == (machine.state, own)
        counted = [machine.failures, machine.successes, machine.over, machine.opens, machine.opened]
        assert [int(each) for each in kept[1:6]] == counted


def test_asking_a_closed_breaker_writes_nothing(valkey):
    assert valkey.run(SCRIPT, [key_of("calm")], arguments(BreakerSettings(), "permit", "", 0.0, 0))[0] == 1
    assert valkey.call("DBSIZE") == 0


@pytest.mark.parametrize(("buckets", "after"), [(9, b"open"), (10, b"closed")])
def test_a_bucket_counts_for_ten_and_then_no_more(valkey, told_the_time, epoch, buckets, after):
    """The story above seldom has so many calls at just these times."""
    rules = BreakerSettings(threshold=100, window_ms=1000, rate_calls=6)
    script, key = told_the_time(SCRIPT), [key_of(f"n{next(_names)}")]
    for event in ("failed", "failed", "slow", "ok", "ok"):
        valkey.run(script, key, arguments(rules, event, "", 0.0, epoch))
    then = epoch + buckets * rules.bucket_us
    assert valkey.run(script, key, arguments(rules, "failed", "", 0.0, then))[3] == after
