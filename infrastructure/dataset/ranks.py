"""Ranks: how many reference ZIPs lie below a value, kept at about a thousand breaks."""

import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST_BREAKS: Final = 1000


@dataclass(frozen=True, slots=True)
class Ranking:
    """Of `count` values, `below[i]` are < breaks[i] and `upto[i]` are <= breaks[i]; breaks strictly increase."""

    count: int
    breaks: tuple[float, ...]
    below: tuple[int, ...]
    upto: tuple[int, ...]

    def blobs(self) -> tuple[bytes, bytes, bytes]:
        """The three columns as little-endian float64, uint32 and uint32."""
        size = len(self.breaks)
        return (
            struct.pack(f"<{size}d", *self.breaks),
            struct.pack(f"<{size}I", *self.below),
            struct.pack(f"<{size}I", *self.upto),
        )


def rank(values: Iterable[float], most: int = MOST_BREAKS) -> Ranking:
    """The ranking of `values`, with at most `most` breaks.

    Of more distinct values those are kept that stand at equal steps of rank, the smallest and the largest among them;
    the counts at the kept breaks stay exact.
    """
    tally = sorted(Counter(values).items())
    breaks, below, upto, seen = [], [], [], 0
    for value, times in tally:
        breaks.append(value)
        below.append(seen)
        seen += times
        upto.append(seen)
    keep = range(len(breaks)) if len(breaks) <= most else _equal_steps(upto, most)
    return Ranking(
        count=seen,
        breaks=tuple(breaks[index] for index in keep),
        below=tuple(below[index] for index in keep),
        upto=tuple(upto[index] for index in keep),
    )


def _equal_steps(upto: list[int], most: int) -> list[int]:
    """Indexes of the values that hold ranks 1, 1 + step, ... and the last."""
    step = (upto[-1] - 1) / (most - 1)
    kept: list[int] = []
    index = 0
    for number in range(most):
        wanted = 1 + number * step
        while upto[index] < wanted - 1e-6:
            index += 1
        if not kept or kept[-1] != index:
            kept.append(index)
    return kept
