"""What was measured, by series; and how its figures lie in a hash of whole numbers.

A field is the metric's name and the values of its labels, parted by a unit separator; of a distribution one for each
bucket, and one for the sum, in parts of its unit that are small enough to add up and large enough for 64 bits.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from brightspot.telemetry.metric import Counter, Distribution, Gauge, Metric
from brightspot.telemetry.sketch import Sketch, bucket_of

NANO: Final = 1_000_000_000
_MICRO: Final = 1_000_000
_PART: Final = "\x1f"
_SUM: Final = "sum"

Series = tuple[str, ...]  # a metric's name and the values of its labels


class Figures(msgspec.Struct):
    """What was measured, by series."""

    counters: dict[Series, int] = msgspec.field(default_factory=dict)
    gauges: dict[Series, float] = msgspec.field(default_factory=dict)
    sketches: dict[Series, Sketch] = msgspec.field(default_factory=dict)

    def merge(self, other: "Figures") -> None:
        """Add what was measured elsewhere; its readings replace those of the same series."""
        for series, value in other.counters.items():
            self.counters[series] = self.counters.get(series, 0) + value
        for series, sketch in other.sketches.items():
            self.sketches.setdefault(series, Sketch()).merge(sketch)
        self.gauges.update(other.gauges)

    @classmethod
    def together(cls, several: "Iterable[Figures]") -> "Figures":
        """What was measured in all of them."""
        added = cls()
        for each in several:
            added.merge(each)
        return added


def field_of(series: Series) -> str:
    """Where a counter, or a reading, of a series lies."""
    return _PART.join(series)


def parts_of(metric: Metric) -> int:
    """In how many parts of its unit a metric's sums are kept: the store's numbers end at 9.2e18.

    Nanoseconds of 290 years, whole bytes of 9 exabytes, millionths of anything else.
    """
    return {"Seconds": NANO, "Bytes": 1}.get(metric.unit, _MICRO)


def fields_of(series: Series, value: float, parts: int = NANO) -> dict[str, int]:
    """What a measurement adds to a distribution whose sums are kept in so many parts of its unit."""
    name = field_of(series)
    return {f"{name}{_PART}{bucket_of(value)}": 1, f"{name}{_PART}{_SUM}": round(value * parts)}


def add_fields(to: dict[str, int], figures: Mapping[str, int]) -> None:
    """Add numbers to those of the same fields."""
    for field, number in figures.items():
        to[field] = to.get(field, 0) + number


def figures_of(fields: Mapping[str, int], metrics: Iterable[Metric], readings: Mapping[str, float]) -> Figures:
    """What these metrics were told; fields of metrics that there are no more, or with other labels, are left out."""
    known, figures = {each.name: each for each in metrics}, Figures()
    for field, number in fields.items():
        name, *rest = field.split(_PART)
        metric = known.get(name)
        if isinstance(metric, Counter) and len(rest) == len(metric.labels):
            figures.counters[name, *rest] = number
        elif isinstance(metric, Distribution) and len(rest) == len(metric.labels) + 1:
            *labels, bucket = rest
            sketch = figures.sketches.setdefault((name, *labels), Sketch())
            if bucket == _SUM:
                sketch.total = number / parts_of(metric)
            else:
                sketch.buckets[int(bucket)] = number
    figures.gauges = series_of(readings, {name: each for name, each in known.items() if isinstance(each, Gauge)})
    return figures


def series_of[T](fields: Mapping[str, T], gauges: Mapping[str, Gauge]) -> dict[Series, T]:
    """What lies at the fields of these gauges, by series; other fields are left out."""
    found: dict[Series, T] = {}
    for field, value in fields.items():
        name, *rest = field.split(_PART)
        if name in gauges and len(rest) == len(gauges[name].labels):
            found[name, *rest] = value
    return found
