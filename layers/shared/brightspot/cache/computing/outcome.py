"""What a call came to."""

from dataclasses import dataclass
from typing import Literal, Self

from brightspot.cache.computing.copies import Copy

Status = Literal["fresh", "computed", "stale"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A copy, and how it was come by."""

    copy: Copy
    status: Status

    @classmethod
    def of(cls, copy: Copy, now: float) -> Self:
        """One that was there already."""
        return cls(copy, "fresh" if copy.is_fresh(now) else "stale")
