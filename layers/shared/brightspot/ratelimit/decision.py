"""What became of one request at its limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from brightspot.ratelimit.limit import Limit


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the request may pass, and what is left at the strictest of its subjects.

    `reset_after_seconds`: until more is free; for a refused request until this very request fits, which is
    `retry_after_seconds` too (0 when allowed). `reset_epoch_seconds` is that moment in Unix seconds, rounded up.
    """

    policy: str
    limit: Limit
    allowed: bool
    remaining: int
    reset_epoch_seconds: int
    reset_after_seconds: float
    retry_after_seconds: float


@dataclass(frozen=True, slots=True)
class Count:
    """What one subject's log answered; times in microseconds, `at` since the Unix epoch."""

    allowed: bool
    remaining: int
    wait: int
    at: int


def strictest(policy: str, limit: Limit, counts: Sequence[Count]) -> Decision:
    """A refusal before a pass, then the longest wait of the refused or the least that is left."""
    count = min(counts, key=lambda each: (each.allowed, each.remaining if each.allowed else 0, -each.wait))
    seconds = count.wait / 1_000_000
    return Decision(
        policy=policy,
        limit=limit,
        allowed=count.allowed,
        remaining=count.remaining if count.allowed else 0,
        reset_epoch_seconds=ceil((count.at + count.wait) / 1_000_000),
        reset_after_seconds=seconds,
        retry_after_seconds=0.0 if count.allowed else seconds,
    )
