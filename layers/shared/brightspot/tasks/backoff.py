"""How long a task waits for its next attempt: exponential back-off with full jitter."""

from dataclasses import dataclass
from random import Random
from typing import Final

_MOST_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds, by the number of the attempt that failed, counted from 1.

    Uniform between 0 and base * 2 ** attempt, at most ten minutes (Brooker 2015, "Exponential Backoff And Jitter",
    AWS Architecture Blog: of the kinds compared there, full jitter costs the callee the fewest calls).
    """

    random: Random
    base_seconds: float = 1.0
    most_seconds: float = _MOST_SECONDS

    def __call__(self, attempt: int) -> float:
        return self.random.uniform(0, min(self.most_seconds, self.base_seconds * 2**attempt))
