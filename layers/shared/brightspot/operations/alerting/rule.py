"""What an alert rule is: a condition on what is measured, how often it must hold, and how urgent that is."""

import re
from typing import Final, Literal

import msgspec

from brightspot.operations.burn import BurnRule
from brightspot.telemetry import Counter, Metric

Severity = Literal["page", "ticket"]  # somebody is woken; somebody looks at it in working hours
Comparison = Literal["above", "below"]
_NAME: Final = re.compile(r"[a-z]+(-[a-z0-9]+)*")


class Threshold(msgspec.Struct, frozen=True, tag="threshold"):
    """A metric, all of its labels together, is above or below a bound, in the metric's unit.

    Of a counter that is what it grew by in `minutes`; of a gauge its worst reading in them.
    """

    metric: Metric
    comparison: Comparison
    bound: float
    minutes: int = 1


class Share(msgspec.Struct, frozen=True, tag="share"):
    """The share (0 to 1) of `part` in `part` and `rest` together, over `minutes`, is above or below a bound.

    Of fewer than `least` in all nobody can say.
    """

    part: Counter
    rest: Counter
    comparison: Comparison
    bound: float
    minutes: int
    least: int


class Burn(msgspec.Struct, frozen=True, tag="burn"):
    """The error budget of an objective burns too fast, over both windows of the rule."""

    objective: str
    rule: BurnRule


class DeadLetters(msgspec.Struct, frozen=True, tag="dead_letters"):
    """Messages wait in the dead letters of a queue, named without the stack's name. CloudWatch alone counts them."""

    queue: str


Condition = Threshold | Share | Burn | DeadLetters


class Rule(msgspec.Struct, frozen=True):
    """An alert fires when its condition holds in `bad` of the last `looks`, each as long as the condition's minutes.

    `name` is that of the CloudWatch alarm too, after the stack's. `unseen` says what a look is that found no figures:
    a fault (of what must be told each minute), or nothing to complain of. Raises ValueError for what cannot hold.
    """

    name: str
    severity: Severity
    summary: str
    condition: Condition
    looks: int = 1
    bad: int = 1
    unseen: Literal["fault", "fine"] = "fine"

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or not self.summary.endswith("."):
            raise ValueError(f"{self.name!r} is no name for a rule, or its summary is no sentence")
        if not 1 <= self.bad <= self.looks:
            raise ValueError(f"{self.name} asks for {self.bad} of {self.looks} looks")
