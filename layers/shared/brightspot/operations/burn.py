"""How fast an objective's error budget burns, and what of it is left: formulas over counts of good and all events.

Burn rate, windows and factors are those of Google, "The Site Reliability Workbook" (2018), chapter 5, "Alerting on
SLOs", approach 6, table 5-8. Nothing here reads or keeps figures: a caller hands over the counts of each window.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

BUDGET_PERIOD: Final = timedelta(days=30)


@dataclass(frozen=True)
class Tally:
    """Events of a window: those that were as promised, of all that count.

    Raises ValueError unless 0 <= good <= total.
    """

    good: int
    total: int

    def __post_init__(self) -> None:
        if not 0 <= self.good <= self.total:
            raise ValueError(f"{self.good} good events of {self.total}")

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.good + other.good, self.total + other.total)

    @property
    def share(self) -> float | None:
        """The service level indicator, 0 to 1; None without events."""
        return self.good / self.total if self.total else None


@dataclass(frozen=True)
class BurnRule:
    """Fires when the budget burns more than `factor` times as fast as it may, over both windows.

    The long window says that it matters, the short one that it still goes on.
    """

    factor: float
    long: timedelta
    short: timedelta
    severity: Literal["page", "ticket"]


BURN_RULES: Final = (
    BurnRule(14.4, timedelta(hours=1), timedelta(minutes=5), "page"),  # 2 % of the budget in an hour
    BurnRule(6.0, timedelta(hours=6), timedelta(minutes=30), "page"),  # 5 % in six hours
    BurnRule(1.0, timedelta(days=3), timedelta(hours=6), "ticket"),  # 10 % in three days
)


def burn_rate(tally: Tally, target: float) -> float | None:
    """(bad / total) / (1 - target): 1 uses up the budget exactly by the end of its period; None without events."""
    _check(target)
    return (tally.total - tally.good) / tally.total / (1 - target) if tally.total else None


def budget_left(tally: Tally, target: float) -> float | None:
    """1 - bad / (total (1 - target)) over `BUDGET_PERIOD`: 1 is all of it, below 0 it is overdrawn.

    None without events.
    """
    burnt = burn_rate(tally, target)
    return None if burnt is None else 1 - burnt


def burning(rule: BurnRule, tallies: Mapping[timedelta, Tally], target: float, least_events: int) -> bool | None:
    """Whether a rule's condition holds; None when nobody can say.

    That is when a window has no events, or the long one fewer than `least_events`: of ten requests one failure is no
    outage. Raises KeyError for a window without a tally.
    """
    long, short = tallies[rule.long], tallies[rule.short]
    rates = burn_rate(long, target), burn_rate(short, target)
    if rates[0] is None or rates[1] is None or long.total < least_events:
        return None
    return min(rates[0], rates[1]) > rule.factor


def _check(target: float) -> None:
    if not 0 < target < 1:
        raise ValueError(f"a target is between 0 and 1, not {target}")
