"""How much memory functions take, beside what they have."""

from collections.abc import Mapping
from typing import Final

import msgspec

from brightspot.operations.timings import by_labels, by_name
from brightspot.telemetry import MEMORY_LIMIT, RESIDENT_MEMORY, Figures

_MEGABYTE: Final = 2**20  # Lambda's
_NEAR: Final = 0.85  # of what it has


class FunctionMemory(msgspec.Struct, frozen=True):
    """The most memory that each process of a function had held, as they told lately: MB as Lambda counts, within 1 %.

    `p50_mb` is usual, `most_mb` the most of all. `limit_mb` is what the function has, `share` the most of that (0 to
    1); both null where Lambda gives no limit.
    """

    p50_mb: float
    most_mb: float
    limit_mb: int | None
    share: float | None


def function_memory(held: Figures, limits: Figures) -> dict[str, FunctionMemory]:
    """By function, of those that told theirs; `limits` are all readings there are."""
    given = {name: value for (name,), value in by_labels(limits.gauges, MEMORY_LIMIT.name)}
    told = {}
    for name, sketch in by_name(held, RESIDENT_MEMORY).items():
        usual, most = sketch.quantile(0.5), sketch.quantile(1.0)
        if usual is not None and most is not None:
            limit = given.get(name)
            told[name] = FunctionMemory(
                p50_mb=round(usual / _MEGABYTE, 1),
                most_mb=round(most / _MEGABYTE, 1),
                limit_mb=None if limit is None else round(limit / _MEGABYTE),
                share=None if limit is None else round(most / limit, 4),
            )
    return told


def memory_advice(told: Mapping[str, FunctionMemory]) -> list[str]:
    """Which functions Lambda may end for want of memory."""
    return [
        f"function {name}: it held {each.most_mb:,.0f} of {each.limit_mb:,} MB; Lambda ends what needs more than that"
        for name, each in told.items()
        if each.share is not None and each.share >= _NEAR
    ]
