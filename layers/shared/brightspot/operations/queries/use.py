"""What was recorded of the tables, access pattern by access pattern."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from brightspot.operations.timings import Timing, by_labels, timing
from brightspot.telemetry import (
    DATABASE_CALL_SECONDS,
    DATABASE_CAPACITY,
    DATABASE_FILTERS,
    DATABASE_ITEM_BYTES,
    DATABASE_REFUSALS,
    DATABASE_RETURNED,
    DATABASE_SCANNED,
    DATABASE_SIGNS,
    Counter,
    Figures,
    Sketch,
)

_NONE = "none"


class CapacityUse(msgspec.Struct, frozen=True):
    """Capacity units as DynamoDB told them, indexes included: of all calls, and of one."""

    units: float
    units_per_call: float
    p95_units: float


class ItemSizes(msgspec.Struct, frozen=True):
    """The largest of the first ten items of a call, in bytes as DynamoDB counts them, within 1 %."""

    p95_bytes: int
    largest_bytes: int


class PatternUse(msgspec.Struct, frozen=True):
    """One access pattern on one table, or `index` of it, by one operation of DynamoDB.

    `items_scanned` were read, and `items_returned` of them came back: `returned_share` is 0 to 1, null when none was
    read. `capacity` is null where no DynamoDB told it, `item_sizes` where no item was seen whole. `refusals` are calls
    that failed, by DynamoDB's code; unmet conditions are among them.
    """

    pattern: str
    table: str
    index: str | None
    operation: str
    calls: int
    calls_per_minute: float
    timing: Timing
    items_scanned: int
    items_returned: int
    returned_share: float | None
    capacity: CapacityUse | None
    item_sizes: ItemSizes | None
    refusals: dict[str, int]


class Use(NamedTuple):
    """What a pattern did, and what speaks against it: calls by sign, and by attribute filtered by with its index."""

    told: PatternUse
    signs: Mapping[str, int]
    filters: Mapping[tuple[str, str | None], int]


def uses(figures: Figures, minutes: int) -> list[Use]:
    """Every pattern that was used, by table, index, operation and name."""
    return [
        _use(figures, minutes, of, sketch) for of, sketch in by_labels(figures.sketches, DATABASE_CALL_SECONDS.name)
    ]


def named(index: str) -> str | None:
    """An index as its label tells it; None for the table itself."""
    return None if index == _NONE else index


def _use(figures: Figures, minutes: int, of: tuple[str, ...], sketch: Sketch) -> Use:
    table, index, operation, pattern = of
    scanned = figures.counters.get((DATABASE_SCANNED.name, *of), 0)
    returned = figures.counters.get((DATABASE_RETURNED.name, *of), 0)
    told = PatternUse(
        pattern=pattern,
        table=table,
        index=named(index),
        operation=operation,
        calls=sketch.count,
        calls_per_minute=round(sketch.count / minutes, 2),
        timing=timing(sketch),
        items_scanned=scanned,
        items_returned=returned,
        returned_share=round(returned / scanned, 4) if scanned else None,
        capacity=_capacity(figures.sketches.get((DATABASE_CAPACITY.name, *of), Sketch())),
        item_sizes=_sizes(figures.sketches.get((DATABASE_ITEM_BYTES.name, *of), Sketch())),
        refusals={code: number for (code,), number in _beyond(figures, DATABASE_REFUSALS, of)},
    )
    signs = {sign: number for (sign,), number in _beyond(figures, DATABASE_SIGNS, of)}
    filters = {(by, named(indexed)): number for (by, indexed), number in _beyond(figures, DATABASE_FILTERS, of)}
    return Use(told, signs, filters)


def _beyond(figures: Figures, counter: Counter, of: tuple[str, ...]) -> list[tuple[tuple[str, ...], int]]:
    """What a counter was told of a pattern, by the labels that it has besides."""
    every = by_labels(figures.counters, counter.name)
    return [(labels[len(of) :], number) for labels, number in every if labels[: len(of)] == of]


def _capacity(sketch: Sketch) -> CapacityUse | None:
    mean, p95 = sketch.mean, sketch.quantile(0.95)
    if mean is None or p95 is None:
        return None
    return CapacityUse(round(sketch.total, 1), round(mean, 2), round(p95, 2))


def _sizes(sketch: Sketch) -> ItemSizes | None:
    p95, largest = sketch.quantile(0.95), sketch.quantile(1.0)
    return None if p95 is None or largest is None else ItemSizes(round(p95), round(largest))
