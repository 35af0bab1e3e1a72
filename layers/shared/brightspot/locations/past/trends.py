"""How the scores of one place went over the last days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.settings import load
from brightspot.locations.dataset.points import CATEGORIES
from brightspot.locations.gazetteer.locate import shared_gazetteer
from brightspot.locations.past import slopes
from brightspot.locations.past.backend import HistorySettings, history
from brightspot.locations.past.paging import MOST_READ
from brightspot.locations.past.service import refuse_unknown_persona
from brightspot.locations.past.shapes import PastAnalysis
from brightspot.locations.request import RequestRefused
from brightspot.security import SHARED_TENANT

TREND_METRICS: Final = ("overall", *CATEGORIES)
DEFAULT_TREND_DAYS: Final = 30
MOST_TREND_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class TrendRequest:
    """One score of one address over the last `days`, of all personas or of one.

    Raises RequestRefused on creation for what cannot be used.
    """

    address: str
    metric: str = "overall"
    days: int = DEFAULT_TREND_DAYS
    persona: str | None = None

    def __post_init__(self) -> None:
        if self.metric not in TREND_METRICS:
            raise RequestRefused("metric", f"send one of {', '.join(TREND_METRICS)}")
        if not 1 <= self.days <= MOST_TREND_DAYS:
            raise RequestRefused("days", f"send 1 to {MOST_TREND_DAYS}")
        refuse_unknown_persona(self.persona)


class TrendPoint(msgspec.Struct, frozen=True):
    """One score of one analysis; `date` is when it was made."""

    date: str
    score: float
    metric: str


class Trend(msgspec.Struct, frozen=True):
    """How one score of a place went, oldest first.

    `data_points` counts `trends`; `left_out` counts the analyses without such a score: they failed, or knew too little.
    Analyses are kept for `retention_days`, so more `days` than that find no more. `truncated` says that only the 1,000
    newest analyses within the days were looked at. The four figures are null under two distinct times.

    `slope` is in points per day, by least squares: sum((t - mean(t)) * (s - mean(s))) / sum((t - mean(t)) ** 2), with t
    in days. So is `robust_slope`, by Theil and Sen: the median of (s_j - s_i) / (t_j - t_i) over pairs of points, which
    up to 29 % of odd values do not move far. `change` is the last score less the first, in points; `change_percent` is
    100 * change / first, and null from a first score of 0.
    """

    address: str
    metric: str
    days: int
    data_points: int
    trends: list[TrendPoint]
    slope: float | None
    robust_slope: float | None
    change: float | None
    change_percent: float | None
    persona: str | None
    left_out: int
    retention_days: float
    truncated: bool


def trend(request: TrendRequest, clock: Clock | None = None, *, tenant: str = SHARED_TENANT) -> Trend:
    """The trend of one score at one address, among a tenant's analyses.

    Raises AddressError for an address that names no place, and TableUnavailable when the history cannot be read.
    """
    place = shared_gazetteer().locate(request.address).normal_form
    since = (clock or SystemClock()).now() - timedelta(days=request.days)
    found = history().of_place(place, MOST_READ, persona=request.persona, since=since, tenant=tenant)
    points = [each for past in found.results if (each := _point(past, request.metric)) is not None]
    points.sort(key=lambda each: each.date)
    series = slopes.samples([(datetime.fromisoformat(each.date), each.score) for each in points])
    return Trend(
        address=request.address.strip(),
        metric=request.metric,
        days=request.days,
        data_points=len(points),
        trends=points,
        slope=_rounded(slopes.slope(series)),
        robust_slope=_rounded(slopes.robust_slope(series)),
        change=_rounded(slopes.change(series)),
        change_percent=_rounded(slopes.percent_change(series)),
        persona=request.persona,
        left_out=found.count - len(points),
        retention_days=load(HistorySettings).retention_days,
        truncated=found.next_cursor is not None,
    )


def _point(past: PastAnalysis, metric: str) -> TrendPoint | None:
    score: float | None = getattr(past.scores, metric)
    return None if score is None else TrendPoint(past.created_at, score, metric)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6) + 0.0  # and no minus on zero
