"""What a call came to."""

from typing import Literal, Self

import msgspec

from brightspot.cache.computing.copies import Copy

Status = Literal["fresh", "computed", "stale"]


class Outcome(msgspec.Struct, frozen=True):
    """A copy, and how it was come by."""

    copy: Copy
    status: Status

    @classmethod
    def of(cls, copy: Copy, now: float) -> Self:
        """One that was there already."""
        return cls(copy, "fresh" if copy.is_fresh(now) else "stale")
