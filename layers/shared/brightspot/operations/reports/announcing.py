"""A report that was made by schedule is told to whoever listens."""

import logging

from brightspot.operations.reports.shapes import AnalyticsReport

_log = logging.getLogger(__name__)


def announce(report: AnalyticsReport) -> None:
    """Tell of it in the log: which report, and its first figures. The seam for channels that send more than that."""
    told = report.figures
    facts = {
        "report": report.id,
        "requests": None if told is None else told.performance.requests,
        "availability": None if told is None else told.availability,
        "unknown": len(report.unknown),
    }
    _log.info("report_announced", extra=facts)
