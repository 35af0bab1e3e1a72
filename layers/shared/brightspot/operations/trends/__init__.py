"""Statistics of a series: what is unusual in it, and what comes next. Nothing here knows what the series is of."""

from brightspot.operations.trends.anomalies import DEFAULT_FALSE_ALARMS, ENOUGH, ENOUGH_SEASONS, Anomaly, anomalies
from brightspot.operations.trends.forecast import Backtest, Forecast, ForecastPoint, forecast, needed

__all__ = [
    "DEFAULT_FALSE_ALARMS",
    "ENOUGH",
    "ENOUGH_SEASONS",
    "Anomaly",
    "Backtest",
    "Forecast",
    "ForecastPoint",
    "anomalies",
    "forecast",
    "needed",
]
