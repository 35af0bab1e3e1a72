"""One run of a maintenance task, as it is kept and told."""

from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from brightspot.operations.upkeep.work import Tally

KEPT: Final = timedelta(days=90)
Outcome = Literal["running", "done", "stopped", "failed", "unfinished"]
StartedBy = Literal["schedule", "hand"]


class MaintenanceRun(msgspec.Struct, frozen=True):
    """One run: `done`, `stopped` by its deadline (the next goes on at `position`), `failed`, `running` or `unfinished`.

    `unfinished` is a run that was killed: it has not told its end, and `ends_by` is over. A dry run changes nothing:
    its counts are what would be changed. `facts` is what it found. `attempt` counts how often the same run was begun.
    """

    task: str
    started_at: datetime
    outcome: Outcome
    dry_run: bool
    started_by: StartedBy
    who: str | None
    attempt: int
    ends_by: datetime
    finished_at: datetime | None = None
    seconds: float | None = None
    counts: dict[str, Tally] = {}
    position: str | None = None
    notes: list[str] = []
    facts: dict[str, Any] = {}
    error: str | None = None

    def seen(self, now: datetime) -> "MaintenanceRun":
        """As it is to be told at a moment."""
        if self.outcome == "running" and self.ends_by < now:
            return msgspec.structs.replace(self, outcome="unfinished")
        return self


class TaskHold(msgspec.Struct, frozen=True):
    """What is remembered of a task between its runs.

    `running` is the start of the run that holds it until `until`; `position` is where the next one goes on;
    `execution` is the last execution of its schedule, and `execution_run` the start of the run that came of it.
    """

    position: str = ""
    running: datetime | None = None
    until: datetime | None = None
    execution: str | None = None
    execution_run: datetime | None = None
