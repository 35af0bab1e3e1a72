"""Prometheus' recording and alert rules, from the objectives and the alert rules.

A condition that must hold in `bad` of the last `looks` is asked of so many steps of a subquery, since `for` knows no
"two of three". Ranges of looks and of readings are a second short: what lies exactly at the edge belongs to the look
before. Counters need the whole range, since their growth is told from sample to sample.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, Literal

import yaml

from brightspot.operations.alerting.rule import Burn, Condition, DeadLetters, Rule, Share, Threshold
from brightspot.operations.objectives import Match, Objective
from brightspot.operations.sla import WINDOWS
from brightspot.telemetry import Counter

_MADE: Final = "# Made by `make alarms` from brightspot/operations/{}. docs/sla.md says how to load it.\n"
_LONG: Final = timedelta(hours=6)  # windows from here on are asked of every five minutes only
_SIGNS: Final = {"above": ">", "below": "<"}
_CONTRARY: Final[Mapping[str, Literal["=~", "!~"]]] = {"=~": "!~", "!~": "=~"}
_NAMES: Final = {length: name for name, length in WINDOWS.items()}


def recording(objectives: Iterable[Objective]) -> str:
    """Rules that record, for each objective and window, its events, the bad ones, and how fast its budget burns."""
    several = tuple(objectives)
    groups = [
        {"name": "objectives", "rules": [*_recorded(several, (each for each in WINDOWS.values() if each < _LONG))]},
        {
            "name": "objectives_long",
            "interval": "5m",
            "rules": [*_recorded(several, (each for each in WINDOWS.values() if each >= _LONG)), *_left(several)],
        },
    ]
    return _MADE.format("objectives.py") + _yaml(groups)


def alerts(rules: Iterable[Rule], objectives: Mapping[str, Objective]) -> str:
    """Rules that alert, each by the name it has everywhere; without dead letters, which CloudWatch alone counts."""
    told = [
        {
            "alert": rule.name,
            "expr": _often(rule) if not isinstance(rule.condition, Burn) else _burns(rule.condition, objectives),
            "labels": {"severity": rule.severity},
            "annotations": {"summary": rule.summary},
        }
        for rule in rules
        if not isinstance(rule.condition, DeadLetters)
    ]
    return _MADE.format("alerting/rules.py") + _yaml([{"name": "brightspot", "rules": told}])


# --- Recording rules ------------------------------------------------------------------------------------------


def _recorded(objectives: Iterable[Objective], windows: Iterable[timedelta]) -> Iterator[dict[str, Any]]:
    lengths = [_NAMES[each] for each in windows]
    for objective in objectives:
        chosen = f'{{objective="{objective.name}"}}'
        for window in lengths:
            events, bad = f"objective:events:increase{window}", f"objective:bad_events:increase{window}"
            burn = f"{bad}{chosen} / {events}{chosen} / {1 - objective.target:.6g}"
            yield {"record": events, "expr": _events(objective, window), "labels": {"objective": objective.name}}
            yield {"record": bad, "expr": _bad(objective, window), "labels": {"objective": objective.name}}
            yield {
                "record": f"objective:burn_rate:ratio{window}",
                "expr": burn,
                "labels": {"objective": objective.name},
            }


def _left(objectives: Iterable[Objective]) -> Iterator[dict[str, Any]]:
    for objective in objectives:
        expression = f'1 - objective:burn_rate:ratio30d{{objective="{objective.name}"}}'
        yield {
            "record": "objective:budget_left:ratio30d",
            "expr": expression,
            "labels": {"objective": objective.name},
        }


def _events(objective: Objective, window: str) -> str:
    suffix = "" if isinstance(objective.metric, Counter) else "_count"
    return _increase(objective, suffix, (), window)


def _bad(objective: Objective, window: str) -> str:
    good = objective.good
    if isinstance(good, Match):
        bad = Match(good.label, _CONTRARY[good.how], good.pattern)
        return f"{_increase(objective, '', (bad,), window)} or vector(0)"
    if isinstance(objective.metric, Counter) or good not in objective.metric.bounds:
        raise ValueError(f"{objective.name}: Prometheus has no bucket of {objective.metric.exposed} up to {good:g} s")
    whole = f"{good:g}".replace(".", "[.]")
    bucket = Match("le", "=~", whole if "." in whole else f"{whole}|{whole}[.]0")
    return f"{_events(objective, window)} - {_increase(objective, '_bucket', (bucket,), window)}"


def _increase(objective: Objective, suffix: str, more: tuple[Match, ...], window: str) -> str:
    name = f"{objective.metric.exposed}{suffix}"
    return f"sum({' or '.join(f'increase({name}{_chosen((*each, *more))}[{window}])' for each in objective.events)})"


def _chosen(matches: Iterable[Match]) -> str:
    told = ",".join(f'{each.label}{each.how}"{each.pattern}"' for each in matches)
    return f"{{{told}}}" if told else ""


# --- Alert rules ----------------------------------------------------------------------------------------------


def _burns(condition: Burn, objectives: Mapping[str, Objective]) -> str:
    rule, objective = condition.rule, objectives[condition.objective]
    chosen = f'{{objective="{objective.name}"}}'
    long, short = _NAMES[rule.long], _NAMES[rule.short]
    return (
        f"objective:burn_rate:ratio{long}{chosen} > {rule.factor:g} "
        f"and objective:burn_rate:ratio{short}{chosen} > {rule.factor:g} "
        f"and objective:events:increase{long}{chosen} >= {objective.least_events(rule)}"
    )


def _often(rule: Rule) -> str:
    if rule.looks == 1 and rule.unseen == "fine":
        return _look(rule.condition, "")
    step = _minutes(rule.condition)
    # While Prometheus itself was not there, nobody looked: that is no fault.
    unseen = f" or 0 * max(max_over_time(up[{60 * step - 1}s])) + 1" if rule.unseen == "fault" else ""
    seconds = rule.looks * step * 60 - 1
    back = f"{seconds // 60}m{seconds % 60}s:{step}m"
    return f"sum_over_time(({_look(rule.condition, ' bool')}{unseen})[{back}]) >= {rule.bad}"


def _look(condition: Condition, boolean: str) -> str:
    """One look: the value when it is bad, else nothing; with ` bool` 1 or 0."""
    match condition:
        case Threshold(metric=metric, comparison=comparison, bound=bound, minutes=minutes):
            if isinstance(metric, Counter):
                value = f"sum(increase({metric.exposed}[{minutes}m]))"
            else:
                worst = "max" if comparison == "above" else "min"
                value = f"{worst}({worst}_over_time({metric.exposed}[{60 * minutes - 1}s]))"
            return f"{value} {_SIGNS[comparison]}{boolean} {bound:g}"
        case Share(part=part, rest=rest, comparison=comparison, bound=bound, minutes=minutes, least=least):
            first, second = (f"sum(increase({each.exposed}[{minutes}m]))" for each in (part, rest))
            share = f"{first} / ({first} + {second} >= {least})"
            return f"{share} {_SIGNS[comparison]}{boolean} {bound:g}"
        case _:
            raise TypeError(f"{condition} is not looked at so")


def _minutes(condition: Condition) -> int:
    if not isinstance(condition, Threshold | Share):
        raise TypeError(f"{condition} has no looks")
    return condition.minutes


def _yaml(groups: list[dict[str, Any]]) -> str:
    return yaml.safe_dump({"groups": groups}, sort_keys=False, width=10_000)
