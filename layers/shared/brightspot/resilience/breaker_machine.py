"""The rules of a circuit breaker in this process, the same as those of breaker.lua, for when the store is away."""

from dataclasses import dataclass, field

from brightspot.resilience.breaker_events import Event, State, Verdict
from brightspot.resilience.breaker_settings import BUCKETS, BreakerSettings


@dataclass(slots=True)
class Machine:
    """State of one breaker; every time is in microseconds of any one clock that does not step back.

    `since` is when the state began, `opened` when it last opened from closed. `buckets` hold the calls of the window
    and the bad ones among them, by the bucket's number since the clock began.
    """

    rules: BreakerSettings
    since: int
    state: State = "closed"
    over: int = 0
    failures: int = 0
    successes: int = 0
    opens: int = 0
    opened: int = 0
    trials: int = 0
    issued: int = 0
    leases: dict[str, int] = field(default_factory=dict)
    buckets: dict[int, tuple[int, int]] = field(default_factory=dict)
    reason: str = ""

    def apply(self, event: Event, lease: str, now: int, jitter: float, by_hand: int = 0) -> Verdict:
        """Change by one event at `now`; `jitter` (0 to 1) stretches the time of an opening that is not the first.

        `by_hand` is how long the event `open` holds it open.
        """
        before, self.reason = self.state, ""
        self.leases = {each: ends for each, ends in self.leases.items() if ends > now}
        allowed, granted, wait = True, "", 0
        if event == "permit":
            allowed, granted, wait = self._permit(now)
        elif event == "open":
            self._open(now, jitter, "opened by hand")
            self.over = now + by_hand
        elif event == "close":
            self._close(now, "closed by hand")
        else:
            self._report(event, lease, now, jitter)
        return Verdict(allowed, granted, before, self.state, self.reason, self.failures, wait)

    def _permit(self, now: int) -> tuple[bool, str, int]:
        if self.state == "open" and now >= self.over:
            self._enter("half_open", now, "timeout over")
        if self.state == "closed":
            return True, "", 0
        if self.state == "open":
            return False, "", self.over - now
        if len(self.leases) + self.trials >= self.rules.trial_calls:
            return False, "", min(self.leases.values()) - now
        self.issued += 1
        lease = f"{self.since}-{self.issued}"
        self.leases[lease] = now + self.rules.lease_ms * 1000
        return True, lease, 0

    def _report(self, event: Event, lease: str, now: int, jitter: float) -> None:
        self.successes += event in {"ok", "slow"}
        if self.state == "half_open" and lease in self.leases:
            self._judge_trial(event, lease, now, jitter)
        elif self.state == "closed" and event != "cancelled":
            self._judge_closed(event, now, jitter)

    def _judge_closed(self, event: Event, now: int, jitter: float) -> None:
        bad = event != "ok"
        self.failures = self.failures + 1 if event in {"failed", "timeout"} else 0
        if self.rules.rate_calls:
            self._count(now, bad=bad)
        if self.failures >= self.rules.threshold:
            self._open(now, jitter, "threshold reached")
        elif bad and self.rules.rate_calls and self._rate_reached():
            self._open(now, jitter, "failure rate reached")

    def _count(self, now: int, *, bad: bool) -> None:
        newest = now // self.rules.bucket_us
        kept = {number: each for number, each in self.buckets.items() if newest - BUCKETS < number <= newest}
        calls, ones = kept.get(newest, (0, 0))
        self.buckets = kept | {newest: (calls + 1, ones + bad)}

    def _rate_reached(self) -> bool:
        calls = sum(calls for calls, _ in self.buckets.values())
        bad = sum(bad for _, bad in self.buckets.values())
        return calls >= self.rules.rate_calls and bad * 100 >= self.rules.failure_percent * calls

    def _judge_trial(self, event: Event, lease: str, now: int, jitter: float) -> None:
        del self.leases[lease]
        if event == "ok":
            self.trials += 1
            if self.trials >= self.rules.trial_calls:
                self._close(now, f"{self.rules.trial_calls} trial calls succeeded")
        elif event != "cancelled":
            self.failures += 1
            self._open(now, jitter, "trial call failed")

    def _open(self, now: int, jitter: float, reason: str) -> None:
        self.opens += 1
        if self.opens == 1:
            self.opened = now
        timeout, longest = self.rules.timeout_ms * 1000, self.rules.longest_ms * 1000
        stretched = min(timeout * 2 ** (self.opens - 1), longest)
        self.over = now + int(timeout + jitter * (stretched - timeout))
        self._enter("open", now, reason)

    def _close(self, now: int, reason: str) -> None:
        self.failures, self.opens, self.opened, self.buckets = 0, 0, 0, {}
        self._enter("closed", now, reason)

    def _enter(self, state: State, now: int, reason: str) -> None:
        self.state, self.since, self.reason = state, now, reason
        self.trials, self.issued, self.leases = 0, 0, {}
