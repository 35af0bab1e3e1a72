"""The requests of the hours and days after a period, from what the hours before say."""

from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Final, Literal, Protocol

from brightspot.operations.reports.figures import requests_of
from brightspot.operations.reports.period import DAY, Period, time_of
from brightspot.operations.reports.shapes import BacktestedError, ForecastStep, RequestForecast
from brightspot.operations.trends import Forecast, ForecastPoint
from brightspot.telemetry import Figures

LEVEL: Final = 0.8
_DAYS_AHEAD: Final = 7


class Forecaster(Protocol):
    """Tells the next `steps` of values that repeat after `season`; None when these are too few."""

    def __call__(
        self, values: Sequence[float], steps: int, *, season: int | None = None, level: float = LEVEL
    ) -> Forecast | None: ...


def forecasts(period: Period, hours: Mapping[int, Figures], forecaster: Forecaster) -> list[RequestForecast]:
    """The next 24 hours, and the next seven days of 24 hours, counted from the end of the period.

    Only hours since the last gap count: what is not known is neither zero nor made up.
    """
    values = _unbroken(period, hours)
    whole = len(values) // DAY * DAY
    days = [float(sum(each)) for each in batched(values[len(values) - whole :], DAY, strict=True)]
    return [
        _told("hour", values, forecaster(values, DAY, season=DAY, level=LEVEL), period),
        _told("day", days, forecaster(days, _DAYS_AHEAD, season=_DAYS_AHEAD, level=LEVEL), period),
    ]


def _unbroken(period: Period, hours: Mapping[int, Figures]) -> list[float]:
    """Requests of each hour up to the end of the period, from after the last gap on."""
    values: list[float] = []
    hour = period.last
    while (figures := hours.get(hour)) is not None:
        values.append(requests_of(figures))
        hour -= 1
    return values[::-1]


def _told(
    unit: Literal["hour", "day"], values: Sequence[float], found: Forecast | None, period: Period
) -> RequestForecast:
    if found is None:
        reason = f"only {len(values)} {unit}s are known without a gap up to the end of the period: too few"
        return RequestForecast(unit, len(values), [], reason=reason)
    width, first = (1 if unit == "hour" else DAY), period.last + 1
    ahead = [
        ForecastStep(time_of(first + number * width), *(round(max(0.0, each), 2) for each in _three(point)))
        for number, point in enumerate(found.points)
    ]
    past = found.backtest
    tested = BacktestedError(
        past.folds,
        round(past.mae, 3),
        None if past.mape is None else round(past.mape / 100, 4),
        round(past.coverage, 4),
    )
    return RequestForecast(unit, len(values), ahead, found.level, found.method, tested)


def _three(point: ForecastPoint) -> tuple[float, float, float]:
    return point.expected, point.low, point.high
