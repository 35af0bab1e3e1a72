"""Quantiles of what many processes measured, from counts that add up: DDSketch.

A value falls into the bucket i = ceil(log(value) / log(g)), g = (1 + a) / (1 - a), and is told as 2 g^i / (g + 1),
which is off by the fraction a at most, whatever the values are (Masson, Rim, Lee 2019, "DDSketch: A fast and
fully-mergeable quantile sketch with relative-error guarantees", PVLDB 12(12)). Buckets of several processes or minutes
are merged by adding their counts. All are kept: from a nanosecond to a day there are 1,600, and one operation fills
some 100.
"""

import math
from collections import Counter
from typing import Final

import msgspec

RELATIVE_ERROR: Final = 0.01
_GAMMA: Final = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_LOG_GAMMA: Final = math.log(_GAMMA)
LEAST: Final = 1e-9  # of a positive value; what is smaller, as 0, is counted as this


def bucket_of(value: float) -> int:
    """The bucket of a value that is finite and not negative."""
    return math.ceil(math.log(max(value, LEAST)) / _LOG_GAMMA)


def value_of(bucket: int) -> float:
    """What all values of a bucket are told as."""
    return 2 * math.exp(bucket * _LOG_GAMMA) / (_GAMMA + 1)


class Sketch(msgspec.Struct):
    """Counts by bucket, and the sum of the values themselves."""

    buckets: dict[int, int] = msgspec.field(default_factory=dict)
    total: float = 0.0

    def add(self, value: float) -> None:
        bucket = bucket_of(value)
        self.buckets[bucket] = self.buckets.get(bucket, 0) + 1
        self.total += value

    def merge(self, other: "Sketch") -> None:
        """Add what another one counted."""
        self.buckets = dict(Counter(self.buckets) + Counter(other.buckets))
        self.total += other.total

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self.buckets.values())

    @property
    def mean(self) -> float | None:
        """Exact; None without values."""
        count = self.count
        return self.total / count if count else None

    def quantile(self, share: float) -> float | None:
        """The value that this share (0 to 1) of all do not exceed, off by `RELATIVE_ERROR` at most; None without any.

        By nearest rank: the least value that at least this share of all values do not exceed.
        """
        count = self.count
        if not count:
            return None
        rank, seen = max(1, math.ceil(share * count)), 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen >= rank:
                return value_of(bucket)
        raise ValueError(f"a share is 0 to 1, not {share}")

    def at_most(self, bound: float) -> int:
        """How many values were no larger than a bound, each taken for what its bucket is told as."""
        return sum(count for bucket, count in self.buckets.items() if value_of(bucket) <= bound)
