"""How the objectives are kept: shares over windows, error budgets, how fast they burn, and when they would be gone."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, Literal

import msgspec

from brightspot.core.clock import Clock, SystemClock
from brightspot.operations.burn import BUDGET_PERIOD, BurnRule, Tally, budget_left, burn_rate, burning
from brightspot.operations.health_history import MOST_HOURS, HealthHistory, shared_health_log
from brightspot.operations.objectives import SPEEDS, Objective, objectives
from brightspot.operations.rollups import measured
from brightspot.telemetry import Figures, shared_ledger

type Measured = Callable[[int], Figures]  # the figures of so many last minutes
Status = Literal["met", "at_risk", "missed", "unknown"]

WINDOWS: Final[Mapping[str, timedelta]] = {
    "5m": timedelta(minutes=5),
    "30m": timedelta(minutes=30),
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "3d": timedelta(days=3),
    "30d": BUDGET_PERIOD,
}
PRESENT: Final = "6h"  # the window whose rate is called the present one
_A_LITTLE: Final = 0.25  # of the budget: less is a risk
_TINY: Final = 1e-9
_HOURS: Final = BUDGET_PERIOD.total_seconds() / 3600


class SlaWindow(msgspec.Struct, frozen=True):
    """`sli` is the share (0 to 1) of good events; null without events, as the burn rate is.

    A `burn_rate` of 1 uses up the budget exactly in 30 days.
    """

    sli: float | None
    events: int
    bad: int
    burn_rate: float | None


class SlaObjective(msgspec.Struct, frozen=True):
    """One promise, and how it is kept. `status`, for a `reason`, is that of the last 30 days.

    `budget_left` is 1 when no event was bad, below 0 when more were than may be. `budget_lasts_hours` is how long what
    is left lasts at the rate of the last six hours; null where that rate uses up no 30 days' budget, or nobody can say.
    `burning` are the rules whose condition holds: fast, medium, slow.
    """

    promise: str
    target: float
    status: Status
    reason: str
    windows: dict[str, SlaWindow]
    budget_left: float | None
    budget_lasts_hours: float | None
    burning: list[str]


class SlaUptime(msgspec.Struct, frozen=True):
    """`share` (0 to 1) of the health probes of 30 days that did not find the service unhealthy; null without any.

    `probed` is the share of the minutes that there are probes of: what lies outside, nobody knows.
    """

    share: float | None
    probes: int
    probed: float


class SlaReport(msgspec.Struct, frozen=True):
    """Objectives by name, over windows that end at `at`. `recommendations` say what to look at; none: all is well.

    Of all instances, or of the process that answers when there is no shared store (`scope`): for two hours, then.
    """

    scope: Literal["all instances", "this process"]
    at: datetime
    period_days: int
    objectives: dict[str, SlaObjective]
    uptime: SlaUptime
    recommendations: list[str]


class Promises:
    """The objectives, as alert rules ask for them; of one moment: what was measured is asked for once by window."""

    def __init__(self, measured: Measured = measured, promised: Mapping[str, Objective] | None = None) -> None:
        self._measured = cache(measured)
        self._promised = objectives() if promised is None else promised

    def tallies(self, objective: str, windows: Iterable[timedelta]) -> dict[timedelta, Tally]:
        """What counts in the last minutes, by window. Raises KeyError for what is no objective."""
        wanted = self._promised[objective]
        return {window: wanted.tally(self._measured(_minutes(window))) for window in windows}

    def target(self, objective: str) -> float:
        """The share that is promised."""
        return self._promised[objective].target

    def least_events(self, objective: str, rule: BurnRule) -> int:
        """Of fewer in the long window of a rule nobody can say."""
        return self._promised[objective].least_events(rule)


def sla_report(
    measured: Measured = measured,
    health: Callable[[int], HealthHistory] | None = None,
    clock: Clock | None = None,
) -> SlaReport:
    """How every objective is kept. Raises StoreUnavailable and TableUnavailable: without figures nobody can say."""
    figures = {name: measured(_minutes(window)) for name, window in WINDOWS.items()}
    kept = {name: _kept(each, figures) for name, each in objectives().items()}
    uptime = _uptime((health or shared_health_log().history)(MOST_HOURS))
    advice = [line for name, each in kept.items() for line in _advice(name, each, objectives()[name], figures)]
    return SlaReport(
        scope="all instances" if shared_ledger().shared else "this process",
        at=(clock or SystemClock()).now().astimezone(UTC),
        period_days=BUDGET_PERIOD.days,
        objectives=kept,
        uptime=uptime,
        recommendations=advice,
    )


def _kept(objective: Objective, figures: Mapping[str, Figures]) -> SlaObjective:
    told = {name: objective.tally(each) for name, each in figures.items()}
    by_length = {WINDOWS[name]: each for name, each in told.items()}
    burns = [
        speed
        for speed, rule in SPEEDS.items()
        if burning(rule, by_length, objective.target, objective.least_events(rule))
    ]
    month, target = told["30d"], objective.target
    left = budget_left(month, target)
    status, reason = _status(objective, month, left, burns)
    return SlaObjective(
        promise=f"{100 * target:g} % of {objective.text}",
        target=target,
        status=status,
        reason=reason,
        windows={name: _window(each, target) for name, each in told.items()},
        budget_left=_rounded(left, 4),
        budget_lasts_hours=_rounded(_lasts(left, burn_rate(told[PRESENT], target)), 1),
        burning=burns,
    )


def _status(objective: Objective, month: Tally, left: float | None, burns: list[str]) -> tuple[Status, str]:
    if left is None or month.total < objective.floor:
        return "unknown", f"{month.total:,} events in 30 days; their share is judged from {objective.floor:,} on"
    if left < -_TINY:
        return "missed", f"{month.total - month.good:,} of {month.total:,} events of 30 days were bad"
    if burns:
        return "at_risk", f"the error budget burns too fast ({', '.join(burns)})"
    return "at_risk" if left < _A_LITTLE else "met", f"{left:.0%} of the error budget is left"


def _window(tally: Tally, target: float) -> SlaWindow:
    rate = burn_rate(tally, target)
    return SlaWindow(_rounded(tally.share, 6), tally.total, tally.total - tally.good, _rounded(rate, 3))


def _lasts(left: float | None, rate: float | None) -> float | None:
    if left is not None and left <= 0:
        return 0.0
    if left is None or rate is None or rate <= 1 + _TINY:
        return None
    return left * _HOURS / rate


def _uptime(history: HealthHistory) -> SlaUptime:
    probes = sum(each.checks for each in history.points)
    return SlaUptime(history.availability, probes, round(min(1.0, probes / (history.hours * 60)), 4))


def _advice(name: str, kept: SlaObjective, objective: Objective, figures: Mapping[str, Figures]) -> list[str]:
    """What to look at: on which route the bad events are, lately when the budget burns, else in 30 days."""
    if kept.status in {"met", "unknown"}:
        return []
    window = PRESENT if kept.burning else "30d"
    parts = objective.by_first_label(figures[window])
    bad = {label: each.total - each.good for label, each in parts.items() if each.good < each.total}
    found = [f"{name}: {kept.reason}"]
    if bad and objective.metric.labels[0] == "route":
        worst = max(bad, key=lambda label: bad[label])
        found.append(
            f"{name}: look at route {worst}: {bad[worst]:,} of the {sum(bad.values()):,} bad "
            f"events of the last {window}"
        )
    if kept.budget_lasts_hours:
        found.append(f"{name}: at the rate of the last {PRESENT} the budget is gone in {kept.budget_lasts_hours:g} h")
    return found


def _minutes(window: timedelta) -> int:
    return int(window.total_seconds()) // 60


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
