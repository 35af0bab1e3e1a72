"""What a metric is: a name, a unit and what it tells, checked where it is declared."""

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


class Metric(msgspec.Struct, frozen=True, eq=False):
    """One metric. Raises ValueError where CloudWatch or Prometheus would not take it.

    A figure of it says one value for each of its `labels`, from a small fixed set: CloudWatch keeps, and charges for,
    every combination by itself. `dimensions` are the labels as CloudWatch has them: `cache_level` is CacheLevel there.
    A Struct, since a dataclass would cost every cold start a millisecond.
    """

    name: str
    unit: Unit
    help: str
    labels: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        dimensions = tuple("".join(part.capitalize() for part in label.split("_")) for label in self.labels)
        msgspec.structs.force_setattr(self, "dimensions", dimensions)
        if not _is_name(self.name) or len(self.name) > _LONGEST_NAME or not self.help:
            raise ValueError(f"{self.name!r} is no name for a metric, or does not say what it tells")
        members = {self.name, STACK, *dimensions}  # of one line, each with a value of its own
        if not all(map(_is_label, self.labels)) or len(members) != 2 + len(dimensions):
            raise ValueError(f"{self.name} cannot have the labels {self.labels}")
        if len(dimensions) >= MOST_DIMENSIONS:
            raise ValueError(f"{self.name} has {len(dimensions)} labels; with {STACK}, {MOST_DIMENSIONS} are the most")


class Counter(Metric, frozen=True, eq=False):
    """Adds up: within an invocation here, over all of them in CloudWatch (statistic Sum)."""


class Gauge(Metric, frozen=True, eq=False):
    """A reading: every one is told (statistics Minimum, Maximum, Average)."""


def _is_name(text: str) -> bool:
    return text.isascii() and text.isalnum() and text[0].isalpha()


def _is_label(text: str) -> bool:
    return text.isascii() and text.isidentifier() and text.islower() and text[0] != "_"
