"""What a report says: frozen shapes, null where something is not known."""

from datetime import datetime
from typing import Literal

import msgspec

from brightspot.operations.metrics import DatabaseFigures, PerformanceFigures, UpstreamFigures
from brightspot.operations.reports.period import Kind, Period
from brightspot.operations.timings import Timing


class ReportPeriod(msgspec.Struct, frozen=True):
    """Whole hours (UTC): `from` the first moment `to` the one after the last.

    `known_hours` are those that figures are kept of; the others are gaps, which count for nothing.
    """

    kind: Kind
    since: datetime = msgspec.field(name="from")
    until: datetime = msgspec.field(name="to")
    hours: int
    known_hours: int

    @classmethod
    def of(cls, period: Period, known_hours: int) -> "ReportPeriod":
        return cls(period.kind, period.start, period.end, period.hours, known_hours)


class HourFigures(msgspec.Struct, frozen=True):
    """One hour. All is null in a gap; latencies and the hit rate (0 to 1) are null, too, where nothing was asked."""

    at: datetime
    requests: int | None = None
    errors: int | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    cache_hit_rate: float | None = None
    analyses: int | None = None


class CheckFigures(msgspec.Struct, frozen=True):
    """How often a component was checked, and the share (0 to 1) of checks that found it healthy."""

    checks: int
    healthy_share: float


class SecurityFigures(msgspec.Struct, frozen=True):
    """What was suspicious in the known hours; `score_when_made` is the security score of the moment (0 to 100)."""

    score_when_made: float | None
    suspicious_inputs: int
    blocked_requests: int
    clients_blocked: int
    signals: dict[str, int]


class CostDriver(msgspec.Struct, frozen=True):
    """An amount that a bill grows with; prices are the account's own. Null per request when there were none."""

    amount: float
    unit: str
    per_thousand_requests: float | None


class PeriodFigures(msgspec.Struct, frozen=True):
    """All known hours together. `cache_hit_rate` is that of answers that the gate sought in a cache.

    `availability` is the share of requests not answered 5xx, `healthy_share` that of health checks that found their
    component healthy; both 0 to 1.
    """

    performance: PerformanceFigures
    overall: Timing
    availability: float | None
    cache_hit_rate: float | None
    analyses: DatabaseFigures
    collectors: dict[str, Timing]
    upstream: dict[str, UpstreamFigures]
    healthy_share: float | None
    checks: dict[str, CheckFigures]
    security: SecurityFigures
    cost_drivers: dict[str, CostDriver]


class ReportComparison(msgspec.Struct, frozen=True):
    """One figure beside that of as many hours before; `change` is the difference as a share of what was before.

    Null where fewer than nine in ten hours are known on a side, or there was nothing before.
    """

    now: float | None
    before: float | None
    change: float | None
    unit: str


class ForecastStep(msgspec.Struct, frozen=True):
    """The requests expected in the hour or day that begins at `at`, and the bounds of the interval."""

    at: datetime
    expected: float
    low: float
    high: float


class BacktestedError(msgspec.Struct, frozen=True):
    """How the same method did on the past: at `folds` origins it was told what came before, and judged by what came.

    `mae` is the mean absolute error in requests, `mape` that as a share of what came (null where nothing came),
    `coverage` the share of what came that lay inside the interval.
    """

    folds: int
    mae: float
    mape: float | None
    coverage: float


class RequestForecast(msgspec.Struct, frozen=True):
    """Requests after the period, with intervals that are to hold the share `level` of what comes.

    `history` is how many values it was made from. Null, with the `reason`, where these are too few.
    """

    unit: Literal["hour", "day"]
    history: int
    steps: list[ForecastStep]
    level: float | None = None
    method: str | None = None
    backtest: BacktestedError | None = None
    reason: str | None = None


class UnknownFigure(msgspec.Struct, frozen=True):
    """Something that this report cannot say, and why."""

    what: str
    reason: str


class AnalyticsReport(msgspec.Struct, frozen=True):
    """How the service did over a stretch of hours, beside as many hours before; what comes next, and how sure that is.

    `figures` is null when no hour of the period is known. `hours` has every hour of the period.
    """

    id: str
    made_at: datetime
    period: ReportPeriod
    period_before: ReportPeriod
    figures: PeriodFigures | None
    comparisons: dict[str, ReportComparison]
    hours: list[HourFigures]
    forecasts: list[RequestForecast]
    unknown: list[UnknownFigure]
