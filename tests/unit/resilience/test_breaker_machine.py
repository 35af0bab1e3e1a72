"""The rules of a breaker, against a plain model, on a clock that only moves when told to."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from brightspot.resilience import BreakerSettings
from brightspot.resilience.breaker_machine import Machine

MS = 1000
RULES = BreakerSettings(threshold=3, timeout_ms=1000, longest_ms=3000, trial_calls=2, lease_ms=500, rate_calls=0)


class BreakerAgainstModel(RuleBasedStateMachine):
    """The model knows the story so far: failures in a row, when it opened and which trial calls are out."""

    def __init__(self):
        super().__init__()
        self.now = 0
        self.machine = Machine(RULES, 0)
        self.expected = "closed"
        self.row = self.successes = self.openings = self.won = 0
        self.opened_at = 0
        self.out = {}

    def trials_out(self):
        return [lease for lease, ends in self.out.items() if ends > self.now]

    def opens(self):
        self.expected, self.opened_at, self.out = "open", self.now, {}
        self.openings += 1

    def span(self):
        return self.machine.over - self.opened_at

    @rule(milliseconds=st.sampled_from([1, 100, 499, 500, 999, 1000, 3000]))
    def time_passes(self, milliseconds):
        self.now += milliseconds * MS

    @rule()
    def a_call_asks(self):
        verdict = self.machine.apply("permit", "", self.now, 0.5)
        if self.expected == "open" and self.now - self.opened_at >= self.span():
            self.expected, self.won = "half_open", 0
        if self.expected == "closed":
            assert (verdict.allowed, verdict.lease) == (True, "")
        elif self.expected == "open":
            assert not verdict.allowed
            assert verdict.wait == self.opened_at + self.span() - self.now
        else:
            assert verdict.allowed == (len(self.trials_out()) + self.won < 2)
            if verdict.allowed:
                assert verdict.lease not in self.out
                self.out[verdict.lease] = self.now + 500 * MS
            else:
                assert 0 < verdict.wait <= 500 * MS

    @rule(result=st.sampled_from(["ok", "slow", "failed", "timeout", "cancelled"]), lease=st.sampled_from(["", "gone"]))
    def an_ordinary_call_ends(self, result, lease):
        self.machine.apply(result, lease, self.now, 0.5)
        self.successes += result in {"ok", "slow"}
        if self.expected == "closed" and result != "cancelled":
            self.row = self.row + 1 if result in {"failed", "timeout"} else 0
            if self.row == 3:
                self.opens()

    @precondition(lambda self: self.out)
    @rule(result=st.sampled_from(["ok", "ok", "slow", "failed", "timeout", "cancelled"]), data=st.data())
    def a_trial_call_ends(self, result, data):
        lease = data.draw(st.sampled_from(sorted(self.out)))
        counts = lease in self.trials_out()
        del self.out[lease]
        self.machine.apply(result, lease, self.now, 0.5)
        self.successes += result in {"ok", "slow"}
        if not counts or result == "cancelled":
            return
        if result == "ok":
            self.won += 1
            if self.won == 2:
                self.expected, self.row, self.openings, self.out = "closed", 0, 0, {}
        else:
            self.row += 1
            self.opens()

    @invariant()
    def both_tell_the_same(self):
        assert self.machine.state == self.expected
        assert (self.machine.failures, self.machine.successes) == (self.row, self.successes)

    @invariant()
    def the_first_time_is_exact_and_later_ones_grow_to_a_bound(self):
        if self.expected == "open":
            assert self.span() == {1: 1000, 2: 1500, 3: 2000}.get(self.openings, 2000) * MS


TestBreakerAgainstModel = BreakerAgainstModel.TestCase
TestBreakerAgainstModel.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


def opened(machine, now=0):
    for _ in range(machine.rules.threshold):
        verdict = machine.apply("failed", "", now, 0.0)
    return verdict


RATE = BreakerSettings(threshold=100, window_ms=10_000, rate_calls=6, failure_percent=50)


def test_it_opens_when_the_rate_of_enough_calls_in_the_window_is_reached():
    machine = Machine(RATE, 0)
    told = [machine.apply(result, "", 0, 0.0) for result in ("failed", "failed", "slow", "ok", "ok", "timeout")]
    assert [each.after for each in told] == ["closed"] * 5 + ["open"]
    assert told[-1].reason == "failure rate reached"


def test_a_success_opens_nothing_however_bad_the_rate_is_by_then():
    machine = Machine(RATE, 0)
    results = ("failed", "failed", "slow", "slow", "failed", "ok")
    assert [machine.apply(result, "", 0, 0.0).after for result in results] == ["closed"] * 6


def test_calls_that_left_the_window_count_no_more():
    for second, after in ((9, "open"), (10, "closed")):
        machine = Machine(RATE, 0)
        for result in ("failed", "failed", "slow", "ok", "ok"):
            machine.apply(result, "", 999 * MS, 0.0)
        assert machine.apply("failed", "", second * 1000 * MS, 0.0).after == after


@given(st.lists(st.tuples(st.integers(0, 30_000), st.booleans()), max_size=80))
def test_the_rate_is_that_of_the_calls_of_the_last_ten_buckets_and_no_more_than_ten_are_kept(calls):
    machine, now, story = Machine(replace(RATE, threshold=1000), 0), 0, []
    for pause, bad in calls:
        now += pause * MS // 10
        story.append((now // (1000 * MS), bad))
        after = machine.apply("failed" if bad else "ok", "", now, 0.0).after
        seen = [bad for bucket, bad in story if bucket > now // (1000 * MS) - 10]
        assert (after == "open") == (bad and len(seen) >= 6 and sum(seen) * 2 >= len(seen))
        assert len(machine.buckets) <= 10
        if after == "open":
            break


def test_by_hand_it_is_open_for_as_long_as_told_and_tries_again_then():
    machine = Machine(RULES, 0)
    verdict = machine.apply("open", "", 0, 0.9, 7_000 * MS)
    assert (verdict.after, verdict.reason) == ("open", "opened by hand")
    assert machine.apply("permit", "", 6_999 * MS, 0.0).wait == MS
    assert machine.apply("permit", "", 7_000 * MS, 0.0).after == "half_open"


def test_by_hand_it_closes_at_once_and_keeps_count_of_successes_alone():
    machine = Machine(RULES, 0)
    machine.apply("ok", "", 0, 0.0)
    opened(machine)
    verdict = machine.apply("close", "", 1, 0.0)
    assert (verdict.before, verdict.after, verdict.reason) == ("open", "closed", "closed by hand")
    assert (machine.failures, machine.successes, machine.buckets) == (0, 1, {})


def test_a_success_in_between_keeps_it_closed():
    machine = Machine(RULES, 0)
    for result in ("failed", "failed", "ok", "failed", "failed", "slow", "failed", "failed"):
        assert machine.apply(result, "", 0, 0.0).after == "closed"


def test_jitter_stretches_reopening_between_the_timeout_and_its_double():
    for jitter, milliseconds in ((0.0, 1000), (0.25, 1250), (0.999, 1999)):
        machine = Machine(RULES, 0)
        opened(machine)
        lease = machine.apply("permit", "", 1000 * MS, 0.0).lease
        assert machine.apply("failed", lease, 1000 * MS, jitter).after == "open"
        assert machine.over - 1000 * MS == milliseconds * MS


def test_once_closed_again_the_next_opening_is_exact_again():
    machine = Machine(RULES, 0)
    opened(machine)
    for _ in range(2):
        machine.apply("ok", machine.apply("permit", "", 1000 * MS, 0.9).lease, 1000 * MS, 0.9)
    assert machine.state == "closed"
    opened(machine, 2000 * MS)
    assert machine.over == 3000 * MS
