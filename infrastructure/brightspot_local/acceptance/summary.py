"""What came of a run: each address, and the times of all and of each kind."""

from collections.abc import Sequence
from math import ceil
from statistics import median
from typing import Final

import msgspec

LEAST_SUCCESS_PERCENT: Final = 95.0


class Times(msgspec.Struct, frozen=True):
    """Milliseconds of the analyses that succeeded; `p95` is the least that 95 of 100 do not exceed."""

    min: float
    median: float
    p95: float
    max: float


class Outcome(msgspec.Struct, frozen=True):
    """One address. `reason` says why it did not succeed."""

    kind: str
    place: str
    address: str
    succeeded: bool
    reason: str | None
    overall_score: float | None
    confidence: float | None
    ms: float
    cached: bool


class Group(msgspec.Struct, frozen=True):
    """Addresses together; there are no times where none succeeded."""

    total: int
    successful: int
    ms: Times | None

    @property
    def success_percent(self) -> float:
        return 100 * self.successful / self.total


class Summary(msgspec.Struct, frozen=True):
    """One run. `model` is the scorer and the data it scored by; `seconds` is the whole run."""

    made_at: str
    where: str
    model: str
    seconds: float
    every: Group
    kinds: dict[str, Group]
    sites: list[Outcome]

    @property
    def accepted(self) -> bool:
        return self.every.success_percent >= LEAST_SUCCESS_PERCENT


def group(outcomes: Sequence[Outcome]) -> Group:
    """Outcomes summed up."""
    times = sorted(each.ms for each in outcomes if each.succeeded)
    told = None
    if times:
        p95 = times[ceil(0.95 * len(times)) - 1]
        told = Times(*(round(each, 3) for each in (times[0], median(times), p95, times[-1])))
    return Group(len(outcomes), len(times), told)
