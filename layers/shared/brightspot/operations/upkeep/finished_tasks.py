"""cleanup_completed_tasks: what background tasks and maintenance have left behind."""

from collections.abc import Mapping
from typing import Final

from brightspot import tasks
from brightspot.operations.upkeep.kept import shared_runs
from brightspot.operations.upkeep.registry import TASKS
from brightspot.operations.upkeep.work import START, Step, Work

_AT_A_TIME: Final = 25


def _finished(work: Work, _: str) -> str | None:
    """Delete tasks that ended longer ago than TASK_RETENTION_DAYS. Whoever goes on looks anew at what is there."""
    told = tasks.forget_finished_tasks(work.deadline, dry_run=work.dry_run)
    return _counted(work, "finished_tasks", told.examined, told.deleted, complete=told.complete)


def _lost(work: Work, _: str) -> str | None:
    """Send tasks again that no worker may know of."""
    told = tasks.resend_lost_tasks(work.deadline, dry_run=work.dry_run)
    return _counted(work, "lost_tasks", told.examined, told.resent, complete=told.complete)


def _counted(work: Work, what: str, looked_at: int, changed: int, *, complete: bool) -> str | None:
    tally = work.tally(what)
    tally.looked_at += looked_at
    tally.changed += changed
    if complete:
        return None
    tally.left = None
    return START


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


STEPS: Final[Mapping[str, Step]] = {"finished_tasks": _finished, "lost_tasks": _lost, "maintenance_runs": _runs}
