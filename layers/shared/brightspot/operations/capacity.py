"""How many requests the next day will bring, and how near that is to what the account runs at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Final

import msgspec

from brightspot.core.settings import load, setting
from brightspot.operations.timings import by_labels, by_name, merged
from brightspot.operations.trends import Backtest, ForecastPoint, forecast, needed
from brightspot.telemetry import HTTP_REQUESTS, REQUEST_SECONDS, Figures

_DAY: Final = 24
_HOUR_SECONDS: Final = 3600
_NEAR: Final = 0.8  # of the limit


@dataclass(frozen=True, slots=True)
class CapacitySettings:
    """What the account can do."""

    concurrency: int = setting(
        "LAMBDA_CONCURRENCY_LIMIT",
        1000,
        "function instances that the account runs at a time, by its quota or what is reserved for this service",
        least=1,
    )


class HourForecast(msgspec.Struct, frozen=True):
    """The requests of one hour, and the interval in which they lie with the forecast's level."""

    at: datetime
    requests: ForecastPoint


class Concurrency(msgspec.Struct, frozen=True):
    """Instances at work at a time, on the mean of the busiest hour, by Little's law: requests/s times seconds each.

    Reckoned with the 95th percentile of the last day's durations (`p95_seconds`), so rather too many. `share` is
    `high` as a share (0 to 1 and above) of `limit`.
    """

    p95_seconds: float
    expected: float
    high: float
    limit: int
    share: float


class CapacityForecast(msgspec.Struct, frozen=True):
    """The 24 hours after the last one that has figures; `peak` is the one whose interval reaches highest.

    Intervals hold `level` (0 to 1) of the values, when the next day is as the days before it were to theirs; `backtest`
    is how wrong the same procedure was on days that it had not seen. `history_hours` is what it was made from.
    `concurrency` is null when no request was timed in the last day.
    """

    hours: list[HourForecast]
    peak: HourForecast
    level: float
    method: str
    history_hours: int
    backtest: Backtest
    concurrency: Concurrency | None


def capacity(hours: Mapping[int, Figures]) -> CapacityForecast | str:
    """From the figures of hours since 1970, those after the last gap; or why there is none."""
    last = max(hours, default=-1)
    first = next(each for each in count(last, -1) if each not in hours) + 1
    counted = [_requests(hours[each]) for each in range(first, last + 1)]
    told = forecast(counted, _DAY, season=_DAY)
    if told is None:
        return f"needs {needed(_DAY, _DAY)} h of hourly figures without a gap, has {len(counted)}"
    ahead = [
        HourForecast(datetime.fromtimestamp(each * _HOUR_SECONDS, UTC), _rounded(point))
        for each, point in enumerate(told.points, last + 1)
    ]
    peak = max(ahead, key=lambda each: each.requests.high)
    day = [figures for each, figures in hours.items() if each > last - _DAY]
    return CapacityForecast(
        ahead, peak, told.level, told.method, len(counted), told.backtest, _concurrency(peak.requests, day)
    )


def capacity_advice(told: CapacityForecast) -> list[str]:
    """What to do when the limit is near."""
    found = told.concurrency
    if found is None or found.share < _NEAR:
        return []
    when = told.peak.at.strftime("%Y-%m-%d %H:%M UTC")
    need = f"{found.high:,.0f} of {found.limit:,} instances"
    return [f"capacity: the hour from {when} may need {need} at a time; have the quota raised, or cache more"]


def _requests(figures: Figures) -> int:
    return sum(number for _, number in by_labels(figures.counters, HTTP_REQUESTS.name))


def _concurrency(peak: ForecastPoint, day: list[Figures]) -> Concurrency | None:
    seconds = merged(each for figures in day for each in by_name(figures, REQUEST_SECONDS).values()).quantile(0.95)
    if seconds is None:
        return None
    limit = load(CapacitySettings).concurrency
    expected, high = (each / _HOUR_SECONDS * seconds for each in (peak.expected, peak.high))
    return Concurrency(round(seconds, 4), round(expected, 3), round(high, 3), limit, round(high / limit, 4))


def _rounded(point: ForecastPoint) -> ForecastPoint:
    return ForecastPoint(*(round(each, 1) for each in (point.expected, point.low, point.high)))
