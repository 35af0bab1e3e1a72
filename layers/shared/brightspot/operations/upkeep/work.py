"""What a run of a maintenance task has in hand: its time, whether it may change anything, and what it counts."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from brightspot.core.clock import Clock
from brightspot.resilience import Deadline

START: Final = ""


class Tally(msgspec.Struct):
    """Things of one kind: `looked_at`, of them `changed` (in a dry run: would be), and `failed`.

    `left` are those that the deadline left for the next run; null when nobody counted them.
    """

    looked_at: int = 0
    changed: int = 0
    failed: int = 0
    left: int | None = 0


class Work:
    """One run. Of what is counted, told in `notes` or found in `facts` the run keeps a record."""

    def __init__(self, deadline: Deadline, clock: Clock, *, dry_run: bool) -> None:
        self.deadline = deadline
        self.clock = clock
        self.now = clock.now()
        self.dry_run = dry_run
        self.counts: dict[str, Tally] = {}
        self.notes: list[str] = []
        self.facts: dict[str, Any] = {}

    def tally(self, what: str) -> Tally:
        """The count of things of one kind, begun at nothing."""
        return self.counts.setdefault(what, Tally())

    def late(self) -> bool:
        """Whether nothing more is to be begun."""
        return not self.deadline.remaining()


# From where the step before it stopped (START: from the beginning) to where this one did; None when it is through.
Step = Callable[[Work, str], str | None]


def perform(steps: Mapping[str, Step], work: Work, position: str) -> str | None:
    """Go through the steps from a position on; the position where the deadline came, None when all are through.

    A position is the name of a step and how far it was; one that names no step begins anew.
    """
    at, _, after = position.partition(":")
    names = list(steps)
    first = names.index(at) if at in steps else 0
    for number in range(first, len(names)):
        name = names[number]
        begin = after if name == at else START
        stopped = begin if work.late() else steps[name](work, begin)
        if stopped is not None:
            return f"{name}:{stopped}"
    return None
