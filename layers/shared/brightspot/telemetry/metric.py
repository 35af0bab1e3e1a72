"""What a metric is: a name, a unit and what it tells, checked where it is declared."""

import re
from typing import Final, Literal

import msgspec

# CloudWatch's StandardUnit.
Unit = Literal[
    "Seconds", "Microseconds", "Milliseconds",
    "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes",
    "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits",
    "Percent", "Count",
    "Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second",
    "Bits/Second", "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second",
    "Count/Second", "None",
]  # fmt: skip

STACK: Final = "Stack"
MOST_DIMENSIONS: Final = 30  # CloudWatch's, of one metric
_LONGEST_NAME: Final = 255
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_WORD: Final = re.compile("[A-Z][a-z0-9]*")


class Metric(msgspec.Struct, frozen=True, eq=False):
    """One metric. Raises ValueError where CloudWatch or Prometheus would not take it.

    A figure of it says one value for each of its `labels`, from a small fixed set: CloudWatch keeps, and charges for,
    every combination by itself; without `emf` it is not told. `dimensions` are the labels as CloudWatch has them:
    `cache_level` is CacheLevel there. `exposed` is the name that Prometheus knows it by, made of the name and the unit
    where none is given: CacheHits is cache_hits_total.
    A Struct, since a dataclass would cost every cold start a millisecond.
    """

    name: str
    unit: Unit
    help: str
    labels: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    emf: bool = True
    exposed: str = ""

    def __post_init__(self) -> None:
        dimensions = tuple("".join(part.capitalize() for part in label.split("_")) for label in self.labels)
        msgspec.structs.force_setattr(self, "dimensions", dimensions)
        msgspec.structs.force_setattr(self, "exposed", self.exposed or self._exposed())
        if not _is_name(self.name) or len(self.name) > _LONGEST_NAME or not self.help:
            raise ValueError(f"{self.name!r} is no name for a metric, or does not say what it tells")
        members = {self.name, STACK, *dimensions}  # of one line, each with a value of its own
        if not all(map(_is_label, self.labels)) or len(members) != 2 + len(dimensions):
            raise ValueError(f"{self.name} cannot have the labels {self.labels}")
        if len(dimensions) >= MOST_DIMENSIONS:
            raise ValueError(f"{self.name} has {len(dimensions)} labels; with {STACK}, {MOST_DIMENSIONS} are the most")

    def _exposed(self) -> str:
        words = _WORD.findall(self.name)
        return "_".join(each.lower() for each in [*words, *self._unit_words(words)])

    def _unit_words(self, words: list[str]) -> list[str]:
        return [self.unit] if self.unit in {"Seconds", "Bytes"} and self.unit not in words else []


class Counter(Metric, frozen=True, eq=False):
    """Adds up whole numbers: within an invocation, and over all of them (in CloudWatch by the statistic Sum)."""

    def _unit_words(self, words: list[str]) -> list[str]:
        return [*super()._unit_words(words), "total"]


class Gauge(Metric, frozen=True, eq=False):
    """A reading: CloudWatch is told every one (statistics Minimum, Maximum, Average), Prometheus the last one."""


class Distribution(Metric, frozen=True, eq=False):
    """Measurements whose quantiles are of interest, over all instances. CloudWatch is not told.

    `bounds` part them for Prometheus, which makes its own quantiles from how many were at most so large.
    """

    bounds: tuple[float, ...] = SECONDS


def _is_name(text: str) -> bool:
    return text.isascii() and text.isalnum() and text[0].isalpha()


def _is_label(text: str) -> bool:
    return text.isascii() and text.isidentifier() and text.islower() and text[0] != "_"
