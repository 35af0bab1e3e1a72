"""cleanup_old_content: analyses, reports, uploads and results that are older than they are kept.

DynamoDB and S3 delete them by themselves too, a few days late; this does it each day, and counts.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from brightspot import locations
from brightspot.core.settings import load
from brightspot.jobs.settings import JobSettings
from brightspot.operations.reports.kept import KEPT_DAYS
from brightspot.operations.reports.wiring import ReportSettings
from brightspot.operations.upkeep.work import Step, Work
from brightspot.store import Bucket, StoreSettings


def _analyses(work: Work, _: str) -> str | None:
    """What is past HISTORY_RETENTION_DAYS; deleted oldest first, so that the next run finds what is left."""
    told = locations.clean_history(work.deadline, clock=work.clock, dry_run=work.dry_run)
    tally = work.tally("analyses")
    tally.looked_at += told["deleted"]
    tally.changed += told["deleted"]
    if told["finished"]:
        return None
    tally.left = None
    return ""


def _objects(what: str, settings: type[ReportSettings | JobSettings], prefix: str, kept: timedelta) -> Step:
    """Delete what is older than it is kept, of the objects of a bucket whose keys begin so."""

    def step(work: Work, after: str) -> str | None:
        tally, name = work.tally(what), load(settings).bucket
        if not name:
            work.notes.append(f"{what}: there is no bucket for them, so there are none")
            return None
        bucket = Bucket(name, load(StoreSettings))
        while True:
            if work.late():
                tally.left = None
                return after
            page = bucket.page(prefix, after)
            old = [each["Key"] for each in page if each["LastModified"] + kept <= work.now]
            if old and not work.dry_run:
                bucket.delete(old)
            tally.looked_at += len(page)
            tally.changed += len(old)
            if not page:
                return None
            after = page[-1]["Key"]

    return step


STEPS: Final[Mapping[str, Step]] = {
    "analyses": _analyses,
    "reports": _objects("reports", ReportSettings, "json/", timedelta(days=KEPT_DAYS)),
    "report_pages": _objects("report_pages", ReportSettings, "html/", timedelta(days=KEPT_DAYS)),
    "report_keys": _objects("report_keys", ReportSettings, "tries/", timedelta(days=1)),
    "uploads": _objects("uploads", JobSettings, "uploads/", timedelta(days=2)),
    "parts": _objects("parts", JobSettings, "work/", timedelta(days=7)),
    "results": _objects("results", JobSettings, "results/", timedelta(days=30)),
}
