"""What holds for everything that one analysis asks: until when, and whom to leave alone."""

from dataclasses import dataclass, replace
from typing import Self

from brightspot.resilience import Breakers, Deadline, Snapshot


@dataclass(frozen=True, slots=True)
class Bounds:
    """The deadline, and the breakers with their states as the request's round trip brought them (None: ask)."""

    deadline: Deadline
    breakers: Breakers
    states: Snapshot | None

    def within(self, seconds: float) -> Self:
        """The same with the sooner of this deadline and one `seconds` from now."""
        return replace(self, deadline=self.deadline.within(seconds))
