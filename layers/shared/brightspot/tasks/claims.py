"""Leases: which worker has a task, and until when."""

from collections.abc import Iterable, Sequence

import msgspec

from brightspot.core.clock import Clock
from brightspot.store import access_pattern
from brightspot.tasks.rows import Effect, Head, TaskTable, Value, When, change, shelf_of
from brightspot.tasks.spec import log_in, milliseconds, packed_log, told


class Claims:
    """Takes tasks for a worker. Safe to share between threads."""

    def __init__(self, table: TaskTable, clock: Clock, lease_seconds: float) -> None:
        self._table = table
        self._clock = clock
        self.lease_seconds = lease_seconds

    @access_pattern("tasks: claim for a worker")
    def take(self, heads: Sequence[Head], owner: str) -> list[Head]:
        """Those of the tasks that are this worker's from now on, as they are then, in their order."""
        now = milliseconds(self._clock.now())
        changes = [(head, self._claimed(head, owner, now)) for head in heads]
        together = [change(head, When("lease", "=", head.lease), **sets) for head, sets in changes]
        if len(heads) > 1 and self._table.write(together):
            taken = [True] * len(heads)
        else:
            taken = [self._took(head, owner, each) for (head, _), each in zip(changes, together, strict=True)]
        pairs = zip(changes, taken, strict=True)
        return [msgspec.structs.replace(head, **sets) for (head, sets), took in pairs if took]

    @access_pattern("tasks: extend leases")
    def extend(self, heads: Iterable[Head]) -> None:
        """Have the leases of a worker's tasks begin anew; one that is its own no more stays as it is."""
        lease = milliseconds(self._clock.now()) + self._lease
        changes = [change(head, lease=lease) for head in heads]
        if changes and not self._table.write(changes) and len(changes) > 1:
            for each in changes:
                self._table.write([each])

    @access_pattern("tasks: give back")
    def give_back(self, head: Head) -> None:
        """A claimed task was not begun: it is queued as it was."""
        sets: dict[str, Value] = {"state": "queued", "shelf": shelf_of("queued", head.id), "owner": "", "lease": 0}
        self._table.write([change(head, **sets, attempt=head.attempt - 1)])

    def _took(self, head: Head, owner: str, effect: Effect) -> bool:
        if self._table.write([effect]):
            return True
        row = self._table.read([head.key]).get(head.key)
        return row is not None and row["owner"] == owner  # it was done, and the answer was lost

    def _claimed(self, head: Head, owner: str, now: int) -> dict[str, Value]:
        sets: dict[str, Value] = {"state": "running", "shelf": shelf_of("running", head.id), "since": now}
        sets |= {"owner": owner, "lease": now + self._lease, "attempt": head.attempt + 1, "due": 0}
        if head.state == "running":
            log = log_in(head.log).failed(head.attempt, told(now) or "", "WorkerLost: its worker was silent")
            sets["log"] = packed_log(log)
        return sets

    @property
    def _lease(self) -> int:
        return round(self.lease_seconds * 1000)
