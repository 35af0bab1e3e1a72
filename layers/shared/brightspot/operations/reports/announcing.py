"""A report that was made by schedule is told to whoever listens: in the log, and over the channels of alerts."""

import logging

from brightspot.operations.alerting.desk import announce as send
from brightspot.operations.reports.shapes import AnalyticsReport
from brightspot.store import TableUnavailable

_log = logging.getLogger(__name__)


def announce(report: AnalyticsReport) -> None:
    """Tell of it: which report, and its first figures. That nobody could be told does not undo the report."""
    told = report.figures
    facts = {
        "report": report.id,
        "requests": None if told is None else told.performance.requests,
        "availability": None if told is None else told.availability,
        "unknown": len(report.unknown),
    }
    _log.info("report_announced", extra=facts)
    text = "\n".join(f"{name}: {'not known' if value is None else value}" for name, value in facts.items())
    try:
        send(f"Report {report.id}", text, f"/api/v1/monitoring/reports/{report.id}.html")
    except TableUnavailable as error:
        _log.warning("report_not_announced", extra={"report": report.id, "reason": str(error)})
