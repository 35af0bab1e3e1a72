"""Ways to carry a series on: naive, seasonal naive, and exponential smoothing from plain to Holt and Winters.

Formulas: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, 5.2, 8.1 to 8.3; the damped
trend is Gardner and McKenzie's (1985, Management Science 31(10)).
"""

from collections.abc import Sequence
from itertools import accumulate
from statistics import fmean
from typing import Final

import msgspec

NAIVE: Final = "naive"
SEASONAL_NAIVE: Final = "seasonal naive"
_LEVELS: Final = (0.05, 0.2, 0.5)
_TRENDS: Final = ((0.0, 1.0), (0.1, 0.9), (0.1, 0.98))  # how fast the slope learns, how fast it fades
_SEASONS: Final = (0.1, 0.3)


class Method(msgspec.Struct, frozen=True):
    """One way to carry on, with its constants: 0 to 1, how much of what is new the level, slope and season take.

    `damping` is what remains of the slope at each step.
    """

    name: str
    level: float = 1.0
    trend: float = 0.0
    season: float = 0.0
    damping: float = 1.0


def methods(season: int | None) -> list[Method]:
    """Every way there is to try: the naive ones first."""
    if season is None:
        smooth = [_smooth(level, *trend, 0.0) for level in _LEVELS for trend in _TRENDS]
        return [Method(NAIVE), *smooth]
    smooth = [_smooth(level, *trend, each) for level in _LEVELS for trend in _TRENDS for each in _SEASONS]
    return [Method(NAIVE), Method(SEASONAL_NAIVE), *smooth]


def _smooth(level: float, trend: float, damping: float, season: float) -> Method:
    name = (
        "Holt-Winters, damped trend"
        if season and trend
        else "Holt-Winters, no trend"
        if season
        else "Holt, damped trend"
    )
    return Method(name if season or trend else "exponential smoothing", level, trend, season, damping)


def paths(method: Method, values: Sequence[float], start: int, steps: int, season: int | None) -> list[list[float]]:
    """What the method says at each origin from `start` to the end of values: the next `steps`, from those before it.

    At the origin t it knows values[:t]. `start` is at least two seasons.
    """
    origins = range(start, len(values) + 1)
    if method.name == NAIVE:
        return [[values[t - 1]] * steps for t in origins]
    if method.name == SEASONAL_NAIVE and season:
        return [[values[t - season + ahead % season] for ahead in range(steps)] for t in origins]
    return _smoothed(method, values, start, steps, season)


def _smoothed(method: Method, values: Sequence[float], start: int, steps: int, season: int | None) -> list[list[float]]:
    period = season or 1
    level, profile = fmean(values[:period]), _profile(values, season)
    slope, fade = 0.0, list(accumulate(method.damping**each for each in range(1, steps + 1)))
    told = []
    for t, value in enumerate(values):
        if t >= start:
            told.append([level + fade[h] * slope + profile[(t + h) % period] for h in range(steps)])
        slot, before = t % period, level + method.damping * slope
        risen = method.level * (value - profile[slot]) + (1 - method.level) * before
        slope = method.trend * (risen - level) + (1 - method.trend) * method.damping * slope
        profile[slot] += method.season * (value - before - profile[slot])
        level = risen
    t = len(values)
    return [*told, [level + fade[h] * slope + profile[(t + h) % period] for h in range(steps)]]


def _profile(values: Sequence[float], season: int | None) -> list[float]:
    """How each slot of the season differs from its season's mean, in the first two."""
    if season is None:
        return [0.0]
    first, second = values[:season], values[season : 2 * season]
    means = fmean(first), fmean(second)
    return [(a - means[0] + b - means[1]) / 2 for a, b in zip(first, second, strict=True)]
