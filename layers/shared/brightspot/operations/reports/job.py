"""`generate_report`: the job type, and the task, of reports on how the service did, as `POST …/reports` takes it."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from brightspot.core import codec
from brightspot.core.clock import SystemClock
from brightspot.jobs import Job, JobType, Packed, Part, ResultFile, Split, Uploads, register_job_type
from brightspot.operations.reports.period import Period, period_of
from brightspot.operations.reports.wiring import report_service
from brightspot.resilience import Deadline
from brightspot.tasks import background_task


class ReportParameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last whole day when nothing is said; else a `period`, or a stretch from one date or time to another."""

    period: str | None = None
    since: str | None = msgspec.field(default=None, name="from")
    until: str | None = msgspec.field(default=None, name="to")


def _period(asked: ReportParameters) -> Period:
    return period_of(asked.period, asked.since, asked.until, SystemClock().now())


def check(asked: ReportParameters, _tenant: str, _uploads: Uploads) -> None:
    """Raises InputRefused for a period that cannot be meant."""
    _period(asked)


def split(asked: ReportParameters, _job: Job, _uploads: Uploads) -> Split:
    """One part, which is the whole."""
    period = _period(asked).id
    return Split([Part(period, 1)], period)


def run(value: Any, _job: Job, _deadline: Deadline) -> bytes:
    """The report in both of its forms: kept, too, where reports are, in the place of the one of the same period."""
    service = report_service()
    report = service.make(Period.of_id(value))
    page = service.read(report.id, "html").body.decode()
    return codec.dumps({"report": report, "page": page})


def merge(_job: Job, parts: Iterator[Packed]) -> Sequence[ResultFile]:
    """The report as JSON, and as a page."""
    made = msgspec.json.decode(next(parts).body, type=_Made)
    return (
        ResultFile("result.json", "application/json", bytes(made.report)),
        ResultFile("report.html", "text/html; charset=utf-8", made.page.encode()),
    )


@background_task("generate_report", timeout=300)
def generate_report(period: str = "day") -> str:
    """Make the report on the last whole day or `week`, for who schedules one; its id."""
    return report_service().make(_period(ReportParameters(period))).id


class _Made(msgspec.Struct):
    report: msgspec.Raw
    page: str


GENERATE_REPORT: Final = register_job_type(JobType("generate_report", ReportParameters, check, split, run, merge))
