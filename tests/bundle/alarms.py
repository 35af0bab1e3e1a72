"""What an alert rule and a CloudWatch alarm make of the same looks, each read from its own words."""

from collections.abc import Sequence
from typing import Any

from brightspot.operations.alerting.rule import Rule, Share, Threshold

Told = float | tuple[float, float] | None  # of a look: a value, or what a share's two counters grew by; None: nothing
_MORE = 2  # points before the evaluated ones that CloudWatch may look at for those that are missing


def fires(rule: Rule, looks: Sequence[Told]) -> bool:
    """Whether a rule fires after looks of which the last one is the newest; before the first one nothing was seen."""
    last = [None] * rule.looks + list(looks)
    return sum(_bad(rule, each) for each in last[-rule.looks :]) >= rule.bad


def _bad(rule: Rule, told: Told) -> bool:
    condition = rule.condition
    if isinstance(condition, Share) and told is not None:
        part, rest = told
        told = part / (part + rest) if part + rest >= condition.least else None
    if told is None:
        return rule.unseen == "fault"
    assert isinstance(condition, Threshold | Share)
    return told > condition.bound if condition.comparison == "above" else told < condition.bound


def goes_off(alarm: Any, points: Sequence[Told]) -> bool:
    """Whether an alarm is in the state ALARM after points of which the last one is the newest.

    By docs.aws.amazon.com, "Configuring how CloudWatch alarms treat missing data": of a few more points than are
    evaluated, those that are there count; only what they lack is filled in.
    """
    wanted = alarm["EvaluationPeriods"]
    there = [each for each in points[-wanted - _MORE :] if each is not None][-wanted:]
    breaching = [breaches(alarm, each) for each in there]
    breaching += [alarm["TreatMissingData"] == "breaching"] * (wanted - len(there))
    return sum(breaching) >= alarm.get("DatapointsToAlarm", wanted)


def breaches(alarm: Any, told: Told) -> bool:
    if isinstance(told, tuple):
        told = _rate(alarm, *told)
    return {
        "LessThanThreshold": told < alarm["Threshold"],
        "GreaterThanThreshold": told > alarm["Threshold"],
    }[alarm["ComparisonOperator"]]


def _rate(alarm: Any, hits: float, misses: float) -> float:
    (rate,) = (each["Expression"] for each in alarm["Metrics"] if each["ReturnData"])
    known = {"hits": hits, "misses": misses, "FILL": lambda value, _: value, "IF": lambda yes, a, b: a if yes else b}
    # Our own expression, in a syntax that Python shares; but it works out both ways of an IF.
    return eval(rate.replace("/ (", "/ max(1, "), {}, {**known, "max": max})  # noqa: S307
