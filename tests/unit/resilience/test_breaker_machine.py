"""The rules of a breaker, against a plain model, on a clock that only moves when told to."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from brightspot.resilience import BreakerSettings
from brightspot.resilience.breaker_machine import Machine

MS = 1000
RULES = BreakerSettings(threshold=3, timeout_ms=1000, longest_ms=3000, trial_calls=2, lease_ms=500, window_calls=0)


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


def test_it_opens_when_the_rate_of_a_full_window_is_reached():
    machine = Machine(BreakerSettings(threshold=100, window_calls=6, failure_percent=50), 0)
    told = [machine.apply(result, "", 0, 0.0) for result in ("failed", "ok", "slow", "ok", "ok", "timeout")]
    assert [each.after for each in told] == ["closed"] * 5 + ["open"]
    assert told[-1].reason == "failure rate reached"


def test_calls_that_left_the_window_count_no_more():
    machine = Machine(BreakerSettings(threshold=100, window_calls=4, failure_percent=75), 0)
    for result in ("failed", "failed", "ok", "ok", "failed", "ok", "failed", "ok"):
        assert machine.apply(result, "", 0, 0.0).after == "closed"


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
