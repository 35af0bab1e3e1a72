"""What can happen to a circuit breaker, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, TypedDict, cast

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import EXTERNAL_SERVICE

State = Literal["closed", "open", "half_open"]
Result = Literal["ok", "slow", "failed", "timeout", "cancelled"]
Event = Literal["permit", "ok", "slow", "failed", "timeout", "cancelled", "open", "close"]


class CircuitOpenError(BrightspotError):
    """The call was not made: its breaker is open, or half open with every trial call taken."""

    kind = EXTERNAL_SERVICE

    def __init__(self, name: str, state: State, retry_after_seconds: float) -> None:
        super().__init__(f"{name} circuit is {state.upper()}. Retry in {retry_after_seconds:.1f}s")
        self.name = name
        self.state = state
        self.retry_after_seconds = retry_after_seconds


class BreakerStatus(TypedDict):
    """One breaker as told to people.

    `failure_count`: failures in a row. `success_count`: successes since the breaker was first used, was reset, or went
    unused for a day. `seconds_in_state` is None before the first use.
    """

    name: str
    state: State
    failure_count: int
    success_count: int
    seconds_in_state: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one event did. `wait` is microseconds until asking again makes sense, `lease` names a trial call."""

    allowed: bool
    lease: str
    before: State
    after: State
    reason: str
    failures: int
    wait: int

    @classmethod
    def of(cls, answer: Sequence[Any]) -> Self:
        """From what `breaker.lua` answers."""
        allowed, lease, before, after, reason, failures, wait = answer
        states = cast("tuple[State, State]", (before.decode(), after.decode()))
        return cls(bool(allowed), lease.decode(), *states, reason.decode(), failures, wait)

    @property
    def retry_after_seconds(self) -> float:
        return self.wait / 1_000_000


@dataclass(frozen=True, slots=True)
class Transition:
    """One breaker went from one state to another, and why."""

    name: str
    before: State
    after: State
    reason: str
