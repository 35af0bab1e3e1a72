"""One look of a rule: what the figures of its minutes say, or why nobody can say."""

import math
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Protocol

import msgspec

from brightspot.operations.alerting.rule import Burn, Comparison, DeadLetters, Rule, Share, Threshold
from brightspot.operations.burn import BurnRule, Tally, burn_rate, burning
from brightspot.telemetry import Counter, Distribution, Extremes, Figures, Gauge, Metric, Series

CLOUDWATCH_ALONE = "CloudWatch alone counts the messages of dead-letter queues; its alarm of this name watches them"
NO_OBJECTIVES = "nobody tallies the requests of this objective here"
ALONE = "there is no shared store: a process knows its own figures alone"


class Measured(Protocol):
    """What all processes measured, by minutes since 1970; the ledger is one. Raises StoreUnavailable."""

    @property
    def shared(self) -> bool: ...

    def minutes(self, metrics: Iterable[Metric], first: int, last: int) -> Mapping[int, Figures]: ...

    def readings(self, metrics: Iterable[Metric], first: int, last: int) -> Mapping[int, Mapping[Series, Extremes]]: ...


class Objectives(Protocol):
    """Counts of good and all events of service level objectives, over windows that end now; of one evaluation.

    Raises StoreUnavailable and TableUnavailable.
    """

    def tallies(self, objective: str, windows: Collection[timedelta]) -> Mapping[timedelta, Tally]: ...

    def target(self, objective: str) -> float:
        """The share that is promised, between 0 and 1."""
        ...

    def least_events(self, objective: str, rule: BurnRule) -> int:
        """Of fewer in the long window of a rule nobody can say."""
        ...


class Look(msgspec.Struct, frozen=True):
    """The look number `number` of a rule: those of a minute are numbered by minutes since 1970, of five by fives.

    `value` is null where nothing was told; `reason` says so, or what was found.
    """

    number: int
    bad: bool
    value: float | None
    reason: str


class Unknown(msgspec.Struct, frozen=True):
    """Nobody can look, and why."""

    reason: str


def minutes_of(rule: Rule) -> int:
    """How many minutes one look takes in."""
    return rule.condition.minutes if isinstance(rule.condition, Threshold | Share) else 1


def bound_of(rule: Rule) -> float | None:
    """What the value is held against; null for what CloudWatch alone watches."""
    match rule.condition:
        case Threshold(bound=bound) | Share(bound=bound):
            return bound
        case Burn(rule=burn):
            return burn.factor
        case DeadLetters():
            return None


def look(rule: Rule, number: int, measured: Measured, objectives: Objectives | None) -> Look | Unknown:
    """Look number `number`: at the `minutes_of(rule)` minutes that end with minute `number * minutes_of(rule)` - 1.

    Raises StoreUnavailable, and TableUnavailable where objectives are tallied.
    """
    condition, minutes = rule.condition, minutes_of(rule)
    first, last = (number - 1) * minutes, number * minutes - 1
    match condition:
        case DeadLetters():
            return Unknown(CLOUDWATCH_ALONE)
        case Burn():
            return Unknown(NO_OBJECTIVES) if objectives is None else _burnt(rule, condition, number, objectives)
        case _ if not measured.shared:
            return Unknown(ALONE)
        case Threshold():
            return _against(
                rule, number, condition.comparison, condition.bound, _value(condition, measured, first, last)
            )
        case Share():
            return _against(
                rule, number, condition.comparison, condition.bound, _share(condition, measured, first, last)
            )


def unseen(rule: Rule, number: int, why: str) -> Look:
    """A look that found no figures."""
    return Look(number, rule.unseen == "fault", None, why)


def _against(rule: Rule, number: int, comparison: Comparison, bound: float, value: float | None) -> Look:
    if value is None:
        return unseen(rule, number, "nothing was told of it, or too little to judge by")
    bad = value > bound if comparison == "above" else value < bound
    return Look(number, bad, value, f"{value:g} is {'' if bad else 'not '}{comparison} {bound:g}")


def _value(condition: Threshold, measured: Measured, first: int, last: int) -> float | None:
    metric = condition.metric
    if isinstance(metric, Distribution):
        raise TypeError(f"{metric.name} is a distribution, which has no one value")
    if isinstance(metric, Gauge):
        told = measured.readings((metric,), first, last).values()
        worst = [each.high if condition.comparison == "above" else each.low for of in told for each in of.values()]
        return (max(worst) if condition.comparison == "above" else min(worst)) if worst else None
    return _grown(metric, measured, first, last)


def _grown(metric: Metric, measured: Measured, first: int, last: int) -> float | None:
    told = [
        number
        for figures in measured.minutes((metric,), first, last).values()
        for series, number in figures.counters.items()
        if series[0] == metric.name
    ]
    return float(sum(told)) if told else None


def _share(condition: Share, measured: Measured, first: int, last: int) -> float | None:
    def grown(counter: Counter) -> float:
        return _grown(counter, measured, first, last) or 0.0

    part, rest = grown(condition.part), grown(condition.rest)
    return part / (part + rest) if part + rest >= max(condition.least, 1) else None


def _burnt(rule: Rule, condition: Burn, number: int, objectives: Objectives) -> Look:
    burn, target = condition.rule, objectives.target(condition.objective)
    tallies = objectives.tallies(condition.objective, (burn.long, burn.short))
    bad = burning(burn, tallies, target, objectives.least_events(condition.objective, burn))
    rates = burn_rate(tallies[burn.long], target), burn_rate(tallies[burn.short], target)
    if bad is None:
        return unseen(rule, number, "there were too few requests to judge by")
    slower = min((rate for rate in rates if rate is not None), default=math.nan)
    return Look(number, bad, slower, f"the budget burns {slower:.3g} times as fast as it may")
