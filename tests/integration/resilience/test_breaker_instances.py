"""Several instances that share one breaker in a real store, beside a plain model of what it should do."""

from itertools import count
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from brightspot.core.clock import SystemClock
from brightspot.resilience import Breakers, BreakerSettings, CircuitOpenError
from tests.integration.resilience.hand_time import HandTime

MS = 1000
RULES = BreakerSettings(
    threshold=3, timeout_ms=1000, longest_ms=3000, trial_calls=2, lease_ms=500, window_ms=2000, rate_calls=5
)
BUCKET = RULES.bucket_us
_names = count()


class Instances(RuleBasedStateMachine):
    """The model knows the story: calls of the window, when it opened, which trial calls are out and which succeeded."""

    def __init__(self, time):
        super().__init__()
        self.time, self.name = time, f"shared{next(_names)}"
        self.instances = [Breakers(time, SystemClock(), RULES, Random(seed)) for seed in range(3)]
        self.snapshot = None
        self.state, self.row, self.openings, self.won = "closed", 0, 0, 0
        self.began = self.until = self.time.now
        self.calls, self.out, self.pending = [], {}, []

    def live(self):
        return [lease for lease, ends in self.out.items() if ends > self.time.now]

    def is_over(self):
        return self.state == "open" and self.time.now >= self.until

    def opens(self, *, by_hand=None):
        """How long is exact the first time and by hand; else between the timeout and what doubling allows."""
        self.state, self.began, self.openings, self.out = "open", self.time.now, self.openings + 1, {}
        since, self.until = map(
            int, self.time.valkey.call("HMGET", f"bs:breaker:{{{self.name}}}:state", "since", "until")
        )
        assert since == self.began
        most = min(1000 * 2 ** (self.openings - 1), 3000) * MS
        span = self.until - self.began
        assert span == by_hand if by_hand is not None else 1000 * MS <= span <= most

    def closes(self):
        self.state, self.row, self.openings, self.out, self.calls = "closed", 0, 0, {}, []

    @rule(milliseconds=st.sampled_from([1, 100, 200, 499, 500, 999, 1000, 3000]))
    def time_passes(self, milliseconds):
        self.time.now += milliseconds * MS

    @precondition(lambda self: self.state == "open")
    @rule(early=st.sampled_from([0, 0, 1]))
    def its_time_is_over_or_nearly(self, early):
        self.time.now = max(self.time.now, self.until - early)

    @precondition(lambda self: self.state == "closed")
    @rule(at=st.integers(0, 2))
    def the_callee_goes_down(self, at):
        for _ in range(RULES.threshold):
            if self.state == "closed":
                self.instances[at].report(None, {self.name: "failed"}, "")
                self.judge("failed")

    @precondition(lambda self: self.is_over() or self.state == "half_open")
    @rule()
    def everybody_asks_at_once(self):
        for at in (0, 1, 2, 0):
            self.a_call_asks(at)

    @rule(at=st.integers(0, 2))
    def a_request_reads_the_state(self, at):
        trip = self.time.trip()
        self.snapshot = self.instances[at].ask(trip, [self.name]), self.state, self.is_over()
        trip.run()

    @rule(at=st.integers(0, 2))
    def a_call_asks(self, at):
        if self.is_over():
            self.state, self.won, self.out = "half_open", 0, {}
        free = self.state == "half_open" and len(self.live()) + self.won < RULES.trial_calls
        lease, refused = self.ask(at)
        if refused is not None:
            assert self.state == "open" or (self.state == "half_open" and not free)
            assert refused.state == self.state
            if self.state == "open":
                assert refused.retry_after_seconds == (self.until - self.time.now) / 1_000_000
            return
        assert self.state == "closed" or free
        assert (lease != "") == free
        assert lease not in self.out
        if lease:
            self.out[lease] = self.time.now + RULES.lease_ms * MS
        self.pending.append(lease)

    def ask(self, at):
        try:
            return self.instances[at].admit(self.name), None
        except CircuitOpenError as refused:
            return "", refused

    @precondition(lambda self: self.snapshot is not None and self.snapshot[1] == "closed")
    @rule(at=st.integers(0, 2))
    def a_call_begins_by_what_was_read_before(self, at):
        assert self.instances[at].admit(self.name, self.snapshot[0]) == ""
        self.pending.append("")

    @precondition(lambda self: self.pending)
    @rule(
        at=st.integers(0, 2),
        result=st.sampled_from(["ok", "ok", "slow", "failed", "failed", "timeout", "cancelled"]),
        data=st.data(),
    )
    def a_call_ends_maybe_elsewhere(self, at, result, data):
        lease = self.pending.pop(data.draw(st.integers(0, len(self.pending) - 1)))
        counts = lease in self.live()
        self.out.pop(lease, None)
        self.instances[at].report(None, {self.name: result}, lease)
        if self.state == "half_open" and counts:
            self.judge_trial(result)
        elif self.state == "closed":
            self.judge(result)

    def judge_trial(self, result):
        if result == "ok":
            self.won += 1
            if self.won == RULES.trial_calls:
                self.closes()
        elif result != "cancelled":
            self.row += 1
            self.opens()

    def judge(self, result):
        if result == "cancelled":
            return
        self.row = self.row + 1 if result in {"failed", "timeout"} else 0
        self.calls.append((self.time.now // BUCKET, result != "ok"))
        seen = [bad for bucket, bad in self.calls if bucket > self.time.now // BUCKET - 10]
        if self.row == RULES.threshold or (result != "ok" and len(seen) >= 5 and 2 * sum(seen) >= len(seen)):
            self.opens()

    @precondition(lambda self: self.pending)
    @rule()
    def an_instance_dies_with_its_call(self):
        self.pending.pop()

    @rule(at=st.integers(0, 2), seconds=st.sampled_from([0.5, 7]))
    def somebody_opens_it(self, at, seconds):
        self.instances[at].open(self.name, seconds)
        self.opens(by_hand=seconds * 1_000_000)

    @rule(at=st.integers(0, 2))
    def somebody_closes_it(self, at):
        self.instances[at].close(self.name)
        self.closes()

    @invariant()
    def every_instance_tells_what_the_model_says(self):
        expected = "half_open" if self.is_over() else self.state
        for instance in self.instances[:2]:
            told = instance.status([self.name])[self.name]
            assert (told["state"], told["failure_count"]) == (expected, self.row)

    @invariant()
    def there_are_never_more_trial_calls_than_set(self):
        assert len(self.live()) <= RULES.trial_calls


def test_instances_that_share_a_breaker_see_one_that_keeps_its_rules(valkey, told_the_time, epoch):
    run_state_machine_as_test(
        lambda: Instances(HandTime(valkey, told_the_time, epoch)),
        settings=settings(
            max_examples=25, stateful_step_count=50, deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )  # fmt: skip
