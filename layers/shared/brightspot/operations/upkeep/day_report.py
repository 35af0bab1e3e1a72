"""generate_analytics_report: the report on the day before."""

from collections.abc import Mapping
from typing import Final

from brightspot.operations.reports.period import period_of
from brightspot.operations.reports.wiring import generate_report
from brightspot.operations.upkeep.work import Step, Work


def _day(work: Work, _: str) -> str | None:
    """Make it, keep it and have it told; made again, it takes its own place. It takes seconds."""
    tally, period = work.tally("reports"), period_of("day", None, None, work.now)
    work.facts["report"] = period.id
    if not work.dry_run:
        work.facts.update(generate_report(work.deadline, work.clock))
    tally.looked_at += 1
    tally.changed += 1
    return None


STEPS: Final[Mapping[str, Step]] = {"report": _day}
