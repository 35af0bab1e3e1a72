"""Percentile ranks of a value among all US ZIPs, from cumulative counts kept in the dataset."""

import sys
import threading
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, pi
from typing import Any, Literal

from brightspot.locations.dataset.file import Dataset

CATCHMENT_RADII = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 15.0, 25.0)


@dataclass(frozen=True, slots=True)
class Distribution:
    """`below[i]` and `upto[i]` of `count` reference ZIPs lie below, or at and below, `breaks[i]`."""

    count: int
    breaks: Sequence[float]
    below: Sequence[float]
    upto: Sequence[float]

    def percentile(self, value: float) -> float:
        """Mid-rank percentile, 0 to 100: the share below plus half the share that ties.

        CDC's SVI ranks by (rank - 1) / (N - 1), which gives all tied best places the rank of the worst of them; half
        the ties keeps a field and its reverse mirror images (Hazen 1914). Between two kept breaks it is linear.
        """
        at = bisect_left(self.breaks, value)
        if at < len(self.breaks) and self.breaks[at] == value:
            return 50.0 * (self.below[at] + self.upto[at]) / self.count
        if at == 0:
            return 0.0
        if at == len(self.breaks):
            return 100.0
        share = (value - self.breaks[at - 1]) / (self.breaks[at] - self.breaks[at - 1])
        return 100.0 * (self.upto[at - 1] + share * (self.below[at] - self.upto[at - 1])) / self.count


class Ranks:
    """Percentiles by field; a distribution is read from the dataset when it is first asked for."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._known: dict[tuple[str, float], Distribution | None] = {}
        self._lock = threading.Lock()

    def percentile(self, field: str, value: float) -> float | None:
        """Rank of `value` among all US ZIPs; None when no distribution is known."""
        distribution = self._distribution(field, 0.0)
        return None if distribution is None else distribution.percentile(value)

    def catchment_percentile(self, field: str, value: float, radius_miles: float, *, per_area: bool) -> float | None:
        """Rank of a catchment's value among the catchments of the same radius round all US ZIPs.

        Counts are compared as densities per square mile. Between the radii of the grid the rank is interpolated
        linearly in the logarithm of the radius.
        """
        compared = value / (pi * radius_miles**2) if per_area else value
        inner, outer = _neighbours(radius_miles)
        low, high = self._distribution(field, inner), self._distribution(field, outer)
        if low is None or high is None:
            return None
        if inner == outer:
            return low.percentile(compared)
        share = log(radius_miles / inner) / log(outer / inner)
        return (1 - share) * low.percentile(compared) + share * high.percentile(compared)

    def _distribution(self, field: str, radius_miles: float) -> Distribution | None:
        key = (field, radius_miles)
        with self._lock:
            if key not in self._known:
                self._known[key] = self._read(field, radius_miles)
            return self._known[key]

    def _read(self, field: str, radius_miles: float) -> Distribution | None:
        sql = "SELECT count, breaks, below, upto FROM ranks WHERE field = ? AND radius = ?"
        for count, breaks, below, upto in self._dataset.rows(sql, (field, round(radius_miles * 10))):
            return Distribution(count, _unpack("d", breaks), _unpack("I", below), _unpack("I", upto))
        return None


def _neighbours(radius_miles: float) -> tuple[float, float]:
    inner = max((radius for radius in CATCHMENT_RADII if radius <= radius_miles), default=CATCHMENT_RADII[0])
    outer = min((radius for radius in CATCHMENT_RADII if radius >= radius_miles), default=CATCHMENT_RADII[-1])
    return inner, outer


def _unpack(code: Literal["d", "I"], blob: bytes) -> Sequence[float]:
    """Little-endian float64 (`d`) or uint32 (`I`) numbers."""
    numbers: array[Any] = array(code)
    numbers.frombytes(blob)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
