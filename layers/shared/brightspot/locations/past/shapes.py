"""What is remembered of an analysis, and what a page of the history shows of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from brightspot.core import codec
from brightspot.core.clock import rfc3339_ms
from brightspot.core.snapshots import load_before_snapshot
from brightspot.locations.analysis import Analysis
from brightspot.locations.dataset.points import CATEGORIES
from brightspot.locations.place import Place
from brightspot.security import SHARED_TENANT

DEFAULT_RETENTION_DAYS = 90

load_before_snapshot("backports.zstd")


class Scores(msgspec.Struct, frozen=True):
    """The overall score and each category's, 0 to 100; null when too little was known, or the analysis failed."""

    overall: float | None = None
    demographics: float | None = None
    economic: float | None = None
    safety: float | None = None
    accessibility: float | None = None
    competition: float | None = None
    regulatory: float | None = None


class PastAnalysis(msgspec.Struct, frozen=True):
    """One analysis of the past."""

    id: str
    address: str
    scores: Scores
    persona: str
    created_at: str
    status: Literal["completed", "failed"]


class HistoryPage(msgspec.Struct, frozen=True):
    """Analyses of the past, newest first; `next_cursor` asks for the page after this one and is null on the last.

    A page may hold fewer than were asked for, even none, and still have a `next_cursor`: of a place, a persona that is
    rare there is sought among 1,000 analyses at a time.
    """

    count: int
    results: list[PastAnalysis]
    next_cursor: str | None


class Listed(NamedTuple):
    """One row of a list; `expires_at` is in Unix seconds."""

    past: PastAnalysis
    expires_at: int


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One analysis as it is stored. `id` sorts by time; `place` is the address in normal form, `tenant` whose it is.

    `expires_at` is in Unix seconds. `body` is the full answer as zstd-compressed JSON; a failed analysis has none, but
    a `reason`.
    """

    id: str
    address: str
    place: str
    persona: str
    status: Literal["completed", "failed"]
    created_at: str
    lat: float
    lon: float
    scores: Scores
    data_points_collected: int
    execution_time_seconds: float
    expires_at: int
    body: bytes | None = None
    reason: str | None = None
    tenant: str = SHARED_TENANT  # what was written before there were tenants says none, and is everybody's

    def listed(self) -> Listed:
        """What lists show of it."""
        past = PastAnalysis(self.id, self.address, self.scores, self.persona, self.created_at, self.status)
        return Listed(past, self.expires_at)


class Stored(NamedTuple):
    """One remembered analysis: the full answer as JSON, or, of a failed one, None and the reason."""

    body: bytes | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class FailedAnalysis:
    """An analysis that started at a known place and could not be finished; `created_at` is an aware time."""

    id: str
    address: str
    place: Place
    persona: str
    created_at: datetime
    execution_time_seconds: float
    reason: str


def record_of(
    analysis: Analysis,
    normal_form: str,
    retention_days: float = DEFAULT_RETENTION_DAYS,
    tenant: str = SHARED_TENANT,
) -> Record:
    """A finished analysis as it is stored."""
    from backports import zstd  # noqa: PLC0415  # an extension that a cached answer does not need

    created = datetime.fromisoformat(analysis.created_at)
    categories = {name: analysis.categories[name].score for name in CATEGORIES}
    return Record(
        id=analysis.id,
        address=analysis.address,
        place=normal_form,
        persona=analysis.persona,
        status=analysis.status,
        created_at=analysis.created_at,
        lat=analysis.location.lat,
        lon=analysis.location.lon,
        scores=Scores(overall=analysis.overall_score, **categories),
        data_points_collected=analysis.data_points_collected,
        execution_time_seconds=analysis.execution_time_seconds,
        expires_at=_expiry(created, retention_days),
        body=zstd.compress(codec.dumps(analysis)),
        tenant=tenant,
    )


def record_of_failed(
    failed: FailedAnalysis, retention_days: float = DEFAULT_RETENTION_DAYS, tenant: str = SHARED_TENANT
) -> Record:
    """A failed analysis as it is stored."""
    return Record(
        id=failed.id,
        address=failed.address,
        place=failed.place.normal_form,
        persona=failed.persona,
        status="failed",
        created_at=rfc3339_ms(failed.created_at),
        lat=failed.place.lat,
        lon=failed.place.lon,
        scores=Scores(),
        data_points_collected=0,
        execution_time_seconds=failed.execution_time_seconds,
        expires_at=_expiry(failed.created_at, retention_days),
        reason=failed.reason,
        tenant=tenant,
    )


def stored_in(body: bytes | None, reason: str | None) -> Stored:
    """What a record's body and reason hold."""
    if body is None:
        return Stored(None, reason)
    from backports import zstd  # noqa: PLC0415

    return Stored(zstd.decompress(body), reason)


def analysis_in(stored: Stored | None) -> Analysis | None:
    """The full answer; None when it is not remembered, or was never finished."""
    if stored is None or stored.body is None:
        return None
    return msgspec.json.decode(stored.body, type=Analysis)


def _expiry(created: datetime, retention_days: float) -> int:
    return int((created + timedelta(days=retention_days)).timestamp())
