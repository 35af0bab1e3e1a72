"""A point in monotonic time that work must not pass, handed down from the request."""

from dataclasses import dataclass
from typing import Self

from brightspot.core.clock import Clock


@dataclass(frozen=True, slots=True)
class Deadline:
    """Ends at `at` monotonic seconds of `clock`."""

    clock: Clock
    at: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> Self:
        return cls(clock, clock.monotonic() + seconds)

    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.at - self.clock.monotonic())

    def within(self, seconds: float) -> "Deadline":
        """The sooner of this deadline and one `seconds` from now: a child never outlives its parent."""
        return Deadline(self.clock, min(self.at, self.clock.monotonic() + seconds))
