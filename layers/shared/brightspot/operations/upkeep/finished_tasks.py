"""cleanup_completed_tasks: what background tasks and maintenance have left behind."""

from collections.abc import Mapping
from typing import Final

from brightspot.operations.upkeep.kept import shared_runs
from brightspot.operations.upkeep.registry import TASKS
from brightspot.operations.upkeep.work import Step, Work

_AT_A_TIME: Final = 25


def _runs(work: Work, after: str) -> str | None:
    """Delete runs of maintenance older than 90 days, one task after the other."""
    tally, runs, names = work.tally("maintenance_runs"), shared_runs(), list(TASKS)
    for name in names[names.index(after) if after in names else 0 :]:
        while True:
            if work.late():
                tally.left = None
                return name
            most = 1000 if work.dry_run else _AT_A_TIME
            gone = runs.forget(name, work.now, most, dry_run=work.dry_run)
            tally.looked_at += gone
            tally.changed += gone
            if gone < most:
                break
    return None


STEPS: Final[Mapping[str, Step]] = {"maintenance_runs": _runs}
