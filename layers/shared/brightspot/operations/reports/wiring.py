"""The report service that the environment asks for: its bucket, figures and forecasts, wired once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.settings import load, setting
from brightspot.core.snapshots import before_snapshot
from brightspot.operations.intrusions import security_monitoring
from brightspot.operations.reports.announcing import announce
from brightspot.operations.reports.kept import BucketReports, MemoryReports, Reports
from brightspot.operations.reports.period import period_of
from brightspot.operations.reports.service import ReportService
from brightspot.operations.rollups import shared_rollups
from brightspot.operations.trends import forecast
from brightspot.resilience import Deadline
from brightspot.store import Bucket, StoreSettings


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """Where reports of the service are kept."""

    bucket: str = setting("REPORTS_BUCKET", "", "S3 bucket that keeps reports of the service; without it, each process")


@before_snapshot
@lru_cache(maxsize=1)
def report_service() -> ReportService:
    """The service over the bucket that the environment names; without one, this process's own reports."""
    return ReportService(shared_rollups(), _kept(), SystemClock(), forecaster=forecast, security=_security_score)


def generate_report(_: Deadline, clock: Clock | None = None) -> Mapping[str, Any]:
    """What is done each day: the report on the last whole day, kept and announced; says which.

    Done again it makes the same one anew. It takes seconds, so that it looks at no deadline.
    """
    report = report_service().make(period_of("day", None, None, (clock or SystemClock()).now()))
    announce(report)
    return {"report": report.id, "known_hours": report.period.known_hours}


def _kept() -> Reports:
    bucket = load(ReportSettings).bucket
    return BucketReports(Bucket(bucket, load(StoreSettings)), SystemClock()) if bucket else MemoryReports(SystemClock())


def _security_score() -> tuple[float | None, str | None]:
    told = security_monitoring()
    return told.security_score, told.reason
