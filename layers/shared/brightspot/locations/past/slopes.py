"""How a series rises or falls: least squares, and a median that single odd values do not move."""

from collections.abc import Sequence
from datetime import datetime
from math import fsum
from typing import Final, NamedTuple

MOST_PAIRED: Final = 200
_SECONDS_A_DAY: Final = 86_400.0


class Sample(NamedTuple):
    """A score at a time; `day` counts in days from any origin."""

    day: float
    score: float


def samples(dated: Sequence[tuple[datetime, float]]) -> list[Sample]:
    """Scores at aware times, in days since the first of them."""
    return [Sample((at - dated[0][0]).total_seconds() / _SECONDS_A_DAY, score) for at, score in dated]


def slope(series: Sequence[Sample]) -> float | None:
    """Points per day by ordinary least squares; None under two distinct times.

    slope = sum((t - mean(t)) * (s - mean(s))) / sum((t - mean(t)) ** 2), with t in days (NIST/SEMATECH e-Handbook of
    Statistical Methods, section 4.4.3.1).
    """
    if not _two_times(series):
        return None
    mean_day = fsum(each.day for each in series) / len(series)
    mean_score = fsum(each.score for each in series) / len(series)
    spread = fsum((each.day - mean_day) ** 2 for each in series)
    return fsum((each.day - mean_day) * (each.score - mean_score) for each in series) / spread


def robust_slope(series: Sequence[Sample]) -> float | None:
    """Points per day by Theil and Sen; None under two distinct times.

    slope = median((s_j - s_i) / (t_j - t_i)) over all pairs with t_i != t_j (Sen 1968, "Estimates of the Regression
    Coefficient Based on Kendall's Tau", JASA 63, 1379-1389). Up to 29 % of the values may be odd without moving it far.
    Of more than 200 values 200 are paired, evenly picked from first to last: 20,000 pairs take some 10 ms.
    """
    if not _two_times(series):
        return None
    picked = _evenly(series, MOST_PAIRED)
    slopes = sorted(
        (later.score - earlier.score) / (later.day - earlier.day)
        for at, earlier in enumerate(picked)
        for later in picked[at + 1 :]
        if later.day != earlier.day
    )
    middle = len(slopes) // 2
    return slopes[middle] if len(slopes) % 2 else (slopes[middle - 1] + slopes[middle]) / 2


def change(series: Sequence[Sample]) -> float | None:
    """The last score less the first, of a series in order of time; None under two distinct times."""
    return series[-1].score - series[0].score if _two_times(series) else None


def percent_change(series: Sequence[Sample]) -> float | None:
    """100 * (last - first) / first; None under two distinct times, and from a first score of 0."""
    points = change(series)
    return None if points is None or not series[0].score else 100 * points / series[0].score


def _two_times(series: Sequence[Sample]) -> bool:
    return len({each.day for each in series}) > 1


def _evenly(series: Sequence[Sample], most: int) -> Sequence[Sample]:
    """At most so many of them, the first and the last included."""
    if len(series) <= most:
        return series
    return [series[round(at * (len(series) - 1) / (most - 1))] for at in range(most)]
