"""What is promised: objectives, the events that count for each, and which of those are as promised.

What counts is told as labels and patterns, so that the same words choose series here and in Prometheus' rules. Patterns
match a whole value and stay within what Python's `re` and RE2 read alike.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from brightspot.core.settings import load, setting
from brightspot.operations.burn import BURN_RULES, BurnRule, Tally
from brightspot.telemetry import ANALYSES, HTTP_REQUESTS, REQUEST_SECONDS, Counter, Distribution, Figures, Series

AVAILABILITY: Final = "availability"
LATENCY: Final = "latency"
ANALYSIS_LATENCY: Final = "analysis-latency"
ERRORS: Final = "errors"

# Who asks how the service is, asks in step and by machine; and of a path that there is not, nothing was promised.
WATCHING: Final = (
    "[A-Z]+ /(api/)?((v[0-9]+|enterprise)/)?(health|metrics|monitoring|dashboards|analytics/metrics|info)(/.*)?"
)
UNROUTED: Final = "none|[A-Z]+ /[{]path[+][}]"
ANALYSING: Final = "POST /api/v1/(analyze|compare)"
FAILED: Final = "5..|0"  # 0: it ended without an answer
LIMITED: Final = "429"

# How each rule is called, which is the end of its alerts' names.
SPEEDS: Final[Mapping[str, BurnRule]] = dict(zip(("fast", "medium", "slow"), BURN_RULES, strict=True))
# Below it the rule that pages first would ask for more bad events than there are: 14.4 (1 - 0.93) > 1.
_LEAST_TARGET: Final = 0.94
_MOST_TARGET: Final = 0.99999


@dataclass(frozen=True, slots=True)
class SlaSettings:
    """What is promised of each 30 days, and from how many events on a share is judged."""

    availability: float = setting(
        "SLA_AVAILABILITY",
        0.999,
        "share of requests that are not answered by 5xx, at least",
        least=_LEAST_TARGET,
        most=_MOST_TARGET,
    )
    latency_share: float = setting(
        "SLA_LATENCY_SHARE",
        0.95,
        "share of answers that come within SLA_LATENCY_SECONDS, at least",
        least=_LEAST_TARGET,
        most=_MOST_TARGET,
    )
    latency_seconds: float = setting(
        "SLA_LATENCY_SECONDS", 1.0, "seconds for all answers but analyses that are not cached", least=0.001, most=30
    )
    analysis_share: float = setting(
        "SLA_ANALYSIS_SHARE",
        0.95,
        "share of analyses that are not cached and come within SLA_ANALYSIS_SECONDS, at least",
        least=_LEAST_TARGET,
        most=_MOST_TARGET,
    )
    # Half of what collectors have together (ANALYSIS_COLLECT_SECONDS), and about how long people watch something load.
    analysis_seconds: float = setting(
        "SLA_ANALYSIS_SECONDS",
        10.0,
        "seconds for analyses that are not cached, live sources included",
        least=0.001,
        most=30,
    )
    errors: float = setting(
        "SLA_ERRORS", 0.01, "share of new analyses that may fail, of batches too", least=0.00001, most=0.06
    )
    least_events: int = setting(
        "SLA_LEAST_EVENTS", 100, "events of a window from which on its share is judged", least=1
    )


@dataclass(frozen=True)
class Match:
    """A label's value is (`=~`), or is not (`!~`), what the pattern says."""

    label: str
    how: Literal["=~", "!~"]
    pattern: str

    def __call__(self, value: str) -> bool:
        return bool(re.fullmatch(self.pattern, value)) == (self.how == "=~")


@dataclass(frozen=True)
class Objective:
    """That at least `target` of the events are good; `text` says which are.

    Events are those of `metric` whose labels pass all matches of any of `events`, of which no two may pass the same.
    `good` says which of them are good: of a counter those that pass it, too; of a distribution those no larger.
    """

    name: str
    text: str
    target: float
    metric: Counter | Distribution
    events: tuple[tuple[Match, ...], ...]
    good: Match | float
    floor: int

    def tally(self, figures: Figures) -> Tally:
        """What figures say; of a distribution within the error of its sketches."""
        return sum(self.by_first_label(figures).values(), Tally(0, 0))

    def by_first_label(self, figures: Figures) -> dict[str, Tally]:
        """The same for each route, or whatever the metric's first label is."""
        told: dict[str, Tally] = {}
        for series in {**figures.counters, **figures.sketches}:
            labels = dict(zip(self.metric.labels, series[1:], strict=False))
            if series[0] == self.metric.name and any(all(_passes(each, labels) for each in one) for one in self.events):
                first = series[1] if len(series) > 1 else ""
                told[first] = told.get(first, Tally(0, 0)) + self._tally(figures, series, labels)
        return told

    def least_events(self, rule: BurnRule) -> int:
        """How many events the long window of a rule needs: so many that a single bad one never fires it."""
        return max(self.floor, math.ceil(1 / (rule.factor * (1 - self.target)) - 1e-9))

    def _tally(self, figures: Figures, series: Series, labels: Mapping[str, str]) -> Tally:
        if isinstance(self.good, Match):
            number = figures.counters[series]
            return Tally(number if _passes(self.good, labels) else 0, number)
        sketch = figures.sketches[series]
        return Tally(sketch.at_most(self.good), sketch.count)


def objectives_of(settings: SlaSettings) -> dict[str, Objective]:
    """Every objective, by name."""
    of_users = Match("route", "!~", f"{WATCHING}|{UNROUTED}")
    others = Match("route", "!~", f"{WATCHING}|{UNROUTED}|{ANALYSING}")
    analysing = Match("route", "=~", ANALYSING)
    made = (
        Objective(
            AVAILABILITY,
            "requests are not answered by 5xx",
            settings.availability,
            HTTP_REQUESTS,
            ((of_users, Match("status", "!~", LIMITED)),),
            Match("status", "!~", FAILED),
            settings.least_events,
        ),
        Objective(
            LATENCY,
            f"answers come within {settings.latency_seconds:g} s",
            settings.latency_share,
            REQUEST_SECONDS,
            ((others,), (analysing, Match("served", "=~", "cached"))),
            settings.latency_seconds,
            settings.least_events,
        ),
        Objective(
            ANALYSIS_LATENCY,
            f"analyses that are not cached come within {settings.analysis_seconds:g} s",
            settings.analysis_share,
            REQUEST_SECONDS,
            ((analysing, Match("served", "=~", "computed")),),
            settings.analysis_seconds,
            settings.least_events,
        ),
        Objective(
            ERRORS,
            "new analyses do not fail",
            1 - settings.errors,
            ANALYSES,
            ((),),
            Match("outcome", "!~", "failed"),
            settings.least_events,
        ),
    )
    return {each.name: each for each in made}


@cache
def objectives() -> Mapping[str, Objective]:
    """Those of this environment. Raises SettingsError."""
    return objectives_of(load(SlaSettings))


def _passes(match: Match, labels: Mapping[str, str]) -> bool:
    return match(labels[match.label])
