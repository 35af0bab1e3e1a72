"""What became of one request at its limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from brightspot.ratelimit.limit import Limit


@dataclass(frozen=True, slots=True)
class Count:
    """What one subject's log answered; times in microseconds, `at` since the Unix epoch."""

    allowed: bool
    remaining: int
    wait: int
    at: int


class Told(NamedTuple):
    """What one subject of a policy was answered."""

    policy: str
    limit: Limit
    answer: Count


class Standing(NamedTuple):
    """How a request stands at one policy: `remaining` units, more of them `reset_after_seconds` from now."""

    policy: str
    limit: Limit
    remaining: int
    reset_after_seconds: float


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the request may pass, and what is left at the strictest of its subjects.

    `reset_after_seconds`: until more is free; for a refused request until this very request fits, which is
    `retry_after_seconds` too (0 when allowed). `reset_epoch_seconds` is that moment in Unix seconds, rounded up.
    `standings` has one of each policy, in the order asked. When nobody `counted`, what is left is not known.
    """

    policy: str
    limit: Limit
    allowed: bool
    remaining: int
    reset_epoch_seconds: int
    reset_after_seconds: float
    retry_after_seconds: float
    standings: tuple[Standing, ...] = ()
    counted: bool = True


def strictest(told: Sequence[Told], *, counted: bool = True) -> Decision:
    """A refusal before a pass, then the longest wait of the refused or the least that is left."""
    policy, limit, count = min(told, key=_strictness)
    seconds = count.wait / 1_000_000
    each_policy = {each.policy: [one for one in told if one.policy == each.policy] for each in told}
    return Decision(
        policy=policy,
        limit=limit,
        allowed=count.allowed,
        remaining=_left(count),
        reset_epoch_seconds=ceil((count.at + count.wait) / 1_000_000),
        reset_after_seconds=seconds,
        retry_after_seconds=0.0 if count.allowed else seconds,
        standings=tuple(_standing(min(each, key=_strictness)) for each in each_policy.values()),
        counted=counted,
    )


def _strictness(told: Told) -> tuple[bool, int, int]:
    return told.answer.allowed, _left(told.answer), -told.answer.wait


def _left(count: Count) -> int:
    return count.remaining if count.allowed else 0


def _standing(told: Told) -> Standing:
    return Standing(told.policy, told.limit, _left(told.answer), told.answer.wait / 1_000_000)
