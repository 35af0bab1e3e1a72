"""Which values of a series are unusual: against the median of the others, at a stated rate of false alarms.

The baseline of a value is the median of all others, or with a season of the others in its slot, so that a daily peak is
usual at its hour. How far values usually are from theirs is the median absolute deviation (MAD) times 1.4826, which
is the standard deviation of a normal distribution (Rousseeuw and Croux 1993, JASA 88(424)); outliers move neither.
"""

import math
from collections.abc import Sequence
from statistics import median
from typing import Final, Literal

import msgspec

from brightspot.operations.trends.tails import poisson_tail, student_quantile

Kind = Literal["normal", "ratio", "count"]
ENOUGH: Final = 30  # values, before one is called unusual
ENOUGH_SEASONS: Final = 4  # so that one outlier does not make the others in its slot look unusual
DEFAULT_FALSE_ALARMS: Final = 0.001
_NORMAL_MAD: Final = 1.4826
_MAD_EFFICIENCY: Final = 0.37  # what n values tell of a scale by their MAD, as many times n by standard deviation
_MEDIAN_VARIANCE: Final = math.pi / 2  # of n normal values, times n and by their variance
_ABOVE_MEDIAN: Final = math.log(2)  # a Poisson mean exceeds its median by no more,
_BELOW_MEDIAN: Final = 1 / 3  # and is less than this below it (Choi 1994, Proceedings of the AMS 121(1))

# Where the dispersion is larger than the counts, one of a fraction of one is rare however usual it is.
_LEAST_SCORE: Final = 0.5


class Anomaly(msgspec.Struct, frozen=True):
    """An unusual value, by its place in the series. `score` is its distance from `expected` in usual deviations."""

    index: int
    value: float
    expected: float
    score: float
    direction: Literal["high", "low"]


def anomalies(
    values: Sequence[float | None],
    *,
    kind: Kind = "normal",
    season: int | None = None,
    false_alarms: float = DEFAULT_FALSE_ALARMS,
    floor: float = 0.0,
    last: int | None = None,
) -> list[Anomaly] | None:
    """The unusual ones of the `last` values (all without it), in order; None (a gap) is neither judged nor asked.

    `false_alarms` is the share of values (0 to 1) that are called unusual when nothing is: exceeded by chance alone, in
    either direction. It holds for independent values that are, but for the season, normal; of the kind `ratio`, whose
    logarithms are; of the kind `count`, Poisson, or as often more spread out as they are found to be. `floor` is the
    least usual deviation: in the values' unit, of ratios in logarithms; of counts there is one anyway, the Poisson one.

    None when nothing can be said: with fewer than 30 values, or, with a season, fewer than four. Raises ValueError for
    counts below 0, ratios that are not above it, or a rate that is not between 0 and 1.
    """
    if not 0 < false_alarms < 1:
        raise ValueError(f"a rate of false alarms is between 0 and 1, not {false_alarms}")
    known = {index: value for index, value in enumerate(values) if value is not None}
    if len(known) < ENOUGH or len(values) < ENOUGH_SEASONS * (season or 0):
        return None
    if kind != "normal" and any(value < 0 or (kind == "ratio" and not value) for value in known.values()):
        raise ValueError(f"not values of the kind {kind}")
    begin = len(values) - (len(values) if last is None else last)
    if kind == "count":
        return _of_counts(known, season, false_alarms, begin)
    if kind == "normal":
        return _of_normals(known, season, false_alarms, floor, begin)
    logarithms = {index: math.log(value) for index, value in known.items()}
    found = _of_normals(logarithms, season, false_alarms, floor, begin)
    return [msgspec.structs.replace(each, value=known[each.index], expected=math.exp(each.expected)) for each in found]


def _of_normals(
    known: dict[int, float], season: int | None, false_alarms: float, floor: float, begin: int
) -> list[Anomaly]:
    expected = _baselines(known, season)
    off = {index: known[index] - each for index, (each, _) in expected.items()}
    scale = max(floor, _NORMAL_MAD * median(map(abs, off.values())))
    far = scale * student_quantile(1 - false_alarms / 2, _MAD_EFFICIENCY * len(off))
    return [
        Anomaly(index, known[index], expected[index][0], _score(each, scale), "high" if each > 0 else "low")
        for index, each in off.items()
        if index >= begin and abs(each) > far
    ]


def _of_counts(known: dict[int, float], season: int | None, false_alarms: float, begin: int) -> list[Anomaly]:
    """By the Poisson tail at the baseline; of counts more spread out than Poisson's, that of both by their dispersion.

    A baseline of few counts is uncertain itself, which spreads what is seen against it.
    """
    expected = _baselines(known, season)
    pearson = [(known[index] - each) ** 2 / max(each, 1.0) for index, (each, _) in expected.items()]
    usual = max(1.0, _NORMAL_MAD**2 * median(pearson))
    found = []
    for index, (each, others) in expected.items():
        dispersion = max(usual, 1 + _MEDIAN_VARIANCE / others)
        value, high = known[index], known[index] > each
        mean = each + _ABOVE_MEDIAN if high else max(0.0, each - _BELOW_MEDIAN)
        score = _score(value - each, math.sqrt(dispersion * max(each, 1.0)))
        if index < begin or abs(score) < _LEAST_SCORE:
            continue
        if poisson_tail(value / dispersion, mean / dispersion, upper=high) < false_alarms / 2:
            found.append(Anomaly(index, value, each, score, "high" if high else "low"))
    return found


def _baselines(known: dict[int, float], season: int | None) -> dict[int, tuple[float, int]]:
    """For each value the median of the others of its slot, and how many these are; none where there are too few."""
    slots: dict[int, list[float]] = {}
    for index, value in known.items():
        slots.setdefault(index % season if season else 0, []).append(value)
    for each in slots.values():
        each.sort()
    baselines = {}
    for index, value in known.items():
        slot = slots[index % season if season else 0]
        if len(slot) >= (ENOUGH_SEASONS if season else ENOUGH):
            place = slot.index(value)
            baselines[index] = median(slot[:place] + slot[place + 1 :]), len(slot) - 1
    return baselines


def _score(off: float, scale: float) -> float:
    """Signed; infinite values are no JSON, so the most is a thousand."""
    return round(max(-1000.0, min(1000.0, off / scale if scale else math.copysign(1000.0, off))), 2)
