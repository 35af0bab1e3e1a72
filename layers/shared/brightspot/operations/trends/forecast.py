"""What comes next, with intervals as wide as the same procedure was wrong before.

Every method is tried at every origin of the history (rolling origin: Tashman 2000, International Journal of Forecasting
16(4)), and the one with the least absolute error so far carries on; a naive one when it is the best. The interval of a
horizon is split-conformal: the level's quantile of the absolute errors that the method made at this horizon, of n of
them the ceil((n + 1) level)-th (Lei et al. 2018, JASA 113(523), 2.2). That of a farther horizon is no narrower:
neighbours that are out of order are given their mean (isotonic regression: Ayer et al. 1955, Annals of Mathematical
Statistics 26(4)).
"""

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Final

import msgspec

from brightspot.operations.trends.smoothing import Method, methods, paths

_FIRST: Final = 8  # values before the first origin, without a season
_ORIGINS: Final = 10  # at least, for the farthest step, without a season
_MOST_FOLDS: Final = 60


class ForecastPoint(msgspec.Struct, frozen=True):
    """One step ahead, in the unit of the history; `low` and `high` bound the interval."""

    expected: float
    low: float
    high: float


class Backtest(msgspec.Struct, frozen=True):
    """How wrong the procedure was at `folds` origins of the history, each time knowing only what was before it.

    Choosing the method and the widths is part of what was tried. `mae` is the mean absolute error over all steps, in
    the unit of the history; `mape` its mean share of the true value in percent, null when one of them was 0. `coverage`
    is the share (0 to 1) of true values inside their intervals; a well-made one is near the level.
    """

    folds: int
    mae: float
    mape: float | None
    coverage: float


class Forecast(msgspec.Struct, frozen=True):
    """`level` is the share (0 to 1) of values that shall lie in their intervals, `method` what was best so far."""

    points: list[ForecastPoint]
    level: float
    method: str
    backtest: Backtest


def needed(steps: int, season: int | None = None, level: float = 0.8) -> int:
    """How many values a forecast needs: two seasons to begin with, the steps, and errors to judge by at each."""
    return _first(season) + steps + max(season or _ORIGINS, 2 * _fewest(level))


def forecast(
    values: Sequence[float],
    steps: int,
    *,
    season: int | None = None,
    level: float = 0.8,
    non_negative: bool = True,
) -> Forecast | None:
    """The next `steps` of a series of finite values at even distances; None with fewer than `needed` of them.

    `season` is how many values make one. With `non_negative`, nothing below 0 is told when nothing in the history is.
    Takes some 0.1 s for two weeks of hours. Raises ValueError for steps, a season or a level that cannot be.
    """
    if steps < 1 or not 0 < level < 1 or (season is not None and season < 2):  # noqa: PLR2004
        raise ValueError(f"no forecast of {steps} steps at the level {level} with a season of {season}")
    known = len(values)
    if known < needed(steps, season, level):
        return None
    least = 0.0 if non_negative and min(values) >= 0 else -math.inf
    trials = [_Trial(each, values, steps, season, least) for each in methods(season)]
    best = _best(trials, known)
    points = [
        ForecastPoint(expected, max(least, expected - width), expected + width)
        for expected, width in zip(best.path(known), best.widths(known, level), strict=True)
    ]
    return Forecast(points, level, best.method.name, _backtest(trials, values, season, level))


class _Trial:
    """What one method said at every origin, and how wrong it was. An origin t knows values[:t]."""

    def __init__(self, method: Method, values: Sequence[float], steps: int, season: int | None, least: float) -> None:
        self.method = method
        self._first = _first(season)
        told = paths(method, values, self._first, steps, season)
        self._paths = [[max(least, each) for each in path] for path in told]
        self._errors: list[list[float]] = [[] for _ in range(steps)]  # by step, in the order of origins
        self.losses = [0.0] * (len(values) + 1)  # by how many values are known: what was wrong in these
        for origin, path in enumerate(self._paths, self._first):
            for ahead, (said, value) in enumerate(zip(path, values[origin:], strict=False)):
                self._errors[ahead].append(abs(said - value))
                self.losses[origin + ahead + 1] += abs(said - value)
        for known in range(1, len(self.losses)):
            self.losses[known] += self.losses[known - 1]

    def path(self, origin: int) -> list[float]:
        return self._paths[origin - self._first]

    def widths(self, known: int, level: float) -> list[float]:
        """Half of each step's interval, from the errors that were known then; of too few, the largest."""
        widths = []
        for ahead, errors in enumerate(self._errors):
            seen = sorted(errors[: max(0, known - self._first - ahead)])
            rank = min(len(seen), math.ceil(round((len(seen) + 1) * level, 9)))
            widths.append(seen[rank - 1] if seen else 0.0)
        return _rising(widths)


def _rising(values: Sequence[float]) -> list[float]:
    """The nearest series that never falls, by least squares: pool adjacent violators."""
    pools: list[list[float]] = []
    for each in values:
        pool = [each]
        while pools and fmean(pools[-1]) > fmean(pool):
            pool = [*pools.pop(), *pool]
        pools.append(pool)
    return [mean for pool in pools for mean in [fmean(pool)] * len(pool)]


def _backtest(trials: Sequence[_Trial], values: Sequence[float], season: int | None, level: float) -> Backtest:
    known, steps = len(values), len(trials[0].path(len(values)))
    begin = _first(season) + (season or _ORIGINS) // 2
    judged = _first(season) + steps + _fewest(level) - 1  # from where every step has errors enough for an interval
    origins = range(begin, known, math.ceil((known - begin) / _MOST_FOLDS))
    errors: list[list[tuple[float, float]]] = [[] for _ in range(steps)]
    inside = []
    for origin in origins:
        best = _best(trials, origin)
        told = list(zip(best.path(origin), best.widths(origin, level), values[origin:], strict=False))
        for ahead, (said, width, value) in enumerate(told):
            errors[ahead].append((abs(said - value), value))
            if origin >= judged:
                inside.append(abs(said - value) <= width)
    return Backtest(
        folds=len(origins),
        mae=fmean(fmean(error for error, _ in each) for each in errors),  # far steps have fewer folds, and count alike
        mape=_percentage([each for step in errors for each in step]),
        coverage=fmean(inside),
    )


def _percentage(errors: Sequence[tuple[float, float]]) -> float | None:
    if not all(value for _, value in errors):
        return None
    percent = 100 * sum(error / abs(value) for error, value in errors) / len(errors)
    return percent if math.isfinite(percent) else None


def _best(trials: Sequence[_Trial], known: int) -> _Trial:
    return min(trials, key=lambda each: each.losses[known])


def _first(season: int | None) -> int:
    return 2 * season if season else _FIRST


def _fewest(level: float) -> int:
    """How many errors there must be, for one of them to be the level's quantile."""
    return math.ceil(round(level / (1 - level), 9))
