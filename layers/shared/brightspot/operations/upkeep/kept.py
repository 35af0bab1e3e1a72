"""Where runs of maintenance tasks are kept: the seam, and its form for a process that has no table."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, Protocol

from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot
from brightspot.operations.upkeep.run import KEPT, MaintenanceRun, TaskHold
from brightspot.store import StoreSettings

_MOST_IN_MEMORY: Final = 100  # of each task


class Runs(Protocol):
    """Keeps runs by task and start, and one hold for each task. Raises TableUnavailable."""

    def hold(self, task: str) -> tuple[TaskHold, int]:
        """What is remembered of a task, and how often it was written."""
        ...

    def keep_hold(self, task: str, hold: TaskHold, version: int) -> bool:
        """Remember something else, unless somebody did since it was at this version; whether it is remembered."""
        ...

    def keep(self, run: MaintenanceRun) -> None: ...

    def read(self, task: str, started_at: datetime) -> MaintenanceRun | None: ...

    def newest(self, task: str, most: int, below: datetime | None = None) -> list[MaintenanceRun]: ...

    def oldest(self, task: str) -> MaintenanceRun | None: ...

    def forget(self, task: str, now: datetime, most: int, *, dry_run: bool) -> int:
        """Delete at most so many runs that are older than runs are kept; how many there were, or would be."""
        ...


class MemoryRuns:
    """Of one process, without a table: the last 100 of each task."""

    def __init__(self) -> None:
        self._holds: dict[str, tuple[TaskHold, int]] = {}
        self._runs: dict[str, dict[datetime, MaintenanceRun]] = {}

    def hold(self, task: str) -> tuple[TaskHold, int]:
        return self._holds.get(task, (TaskHold(), 0))

    def keep_hold(self, task: str, hold: TaskHold, version: int) -> bool:
        if self.hold(task)[1] != version:
            return False
        self._holds[task] = hold, version + 1
        return True

    def keep(self, run: MaintenanceRun) -> None:
        kept = self._runs.setdefault(run.task, {})
        kept[run.started_at] = run
        while len(kept) > _MOST_IN_MEMORY:
            del kept[min(kept)]

    def read(self, task: str, started_at: datetime) -> MaintenanceRun | None:
        return self._runs.get(task, {}).get(started_at)

    def newest(self, task: str, most: int, below: datetime | None = None) -> list[MaintenanceRun]:
        return [each for each in reversed(self._sorted(task)) if below is None or each.started_at < below][:most]

    def oldest(self, task: str) -> MaintenanceRun | None:
        return next(iter(self._sorted(task)), None)

    def forget(self, task: str, now: datetime, most: int, *, dry_run: bool) -> int:
        old = [each.started_at for each in self._sorted(task) if each.started_at + KEPT <= now][:most]
        for each in [] if dry_run else old:
            del self._runs[task][each]
        return len(old)

    def _sorted(self, task: str) -> Sequence[MaintenanceRun]:
        kept = self._runs.get(task, {})
        return [kept[each] for each in sorted(kept)]


@before_snapshot
@lru_cache(maxsize=1)
def shared_runs() -> Runs:
    """Those in the table that the environment names; without one, this process's own."""
    store = load(StoreSettings)
    if not store.table_prefix:
        return MemoryRuns()
    from brightspot.operations.upkeep.table import TableRuns  # noqa: PLC0415  # pynamodb, only where there is a table

    return TableRuns(store)
