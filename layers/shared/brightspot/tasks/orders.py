"""What people ask of tasks that are there: that one is cancelled, or that one that failed is done anew."""

import msgspec

from brightspot.core.clock import Clock
from brightspot.core.errors import Conflict, NotFound
from brightspot.store import TableUnavailable, access_pattern
from brightspot.tasks.attempts import OWN, reread
from brightspot.tasks.dispatch import Dispatch
from brightspot.tasks.releases import RELEASING, Releases
from brightspot.tasks.rows import Head, TaskTable, Value, When, change, shelf_of
from brightspot.tasks.settle import DEPENDENCY, Met
from brightspot.tasks.shapes import TaskFailure
from brightspot.tasks.spec import log_in, milliseconds, packed_log, told

_TRIES = 10


class Orders:
    """Safe to share between threads; both may be given twice."""

    def __init__(
        self, table: TaskTable, dispatch: Dispatch, releases: Releases, clock: Clock, *, kept_seconds: float
    ) -> None:
        self._table = table
        self._dispatch = dispatch
        self._releases = releases
        self._clock = clock
        self._kept_seconds = kept_seconds

    @access_pattern("tasks: cancel one")
    def cancel(self, task_id: str) -> Head:
        """The task, cancelled, or running and told to stop. Raises NotFound, Conflict when it has ended otherwise.

        For those that depend on it it has failed. Raises AwsUnavailable: it must be asked again then.
        """
        for _ in range(_TRIES):
            head = self.look(task_id)
            if head.is_finished and head.state != "cancelled":
                raise Conflict(f"task {task_id} has ended as {head.state}; there is nothing to cancel")
            if head.is_finished or self._cancelled(head):
                now = self.look(task_id)
                if now.shelf.startswith(RELEASING):
                    self._dispatch.send([now])  # a worker tells those that depend on it
                return now
        raise TableUnavailable(f"task {task_id} could not be cancelled: too many wrote")

    def _cancelled(self, head: Head) -> bool:
        if head.state == "running":
            return self._table.write([change(head, stop=1)])
        if head.state == "scheduled":
            self._dispatch.forget(head)
        now = milliseconds(self._clock.now())
        error = TaskFailure("TaskCancelled", "it was cancelled before it ran")
        log = msgspec.structs.replace(log_in(head.log), error=error, finished_at=told(now))
        shelf = shelf_of(RELEASING if head.next else "cancelled", head.id)
        sets: dict[str, Value] = {"state": "cancelled", "shelf": shelf, "since": now, "reason": OWN}
        sets |= {"log": packed_log(log), "expires_at": now // 1000 + int(self._kept_seconds)}
        return self._table.write([change(head, When("next", "=", head.next), **sets)])

    def redrive(self, task_id: str) -> Head:
        """A task that failed, queued anew with all its attempts. Raises NotFound, and Conflict for any other one.

        Those that failed or were skipped because of it wait for it again, and theirs.
        """
        head = self.look(task_id)
        if head.state != "failed":
            raise Conflict(f"task {task_id} is {head.state}; only one that failed is done anew")
        if head.reason == DEPENDENCY:
            raise Conflict(f"task {task_id} failed because of {head.cause}; redrive that one")
        head = self._queued(head)
        self._take_back(head)
        self._dispatch.send([head])
        return head

    @access_pattern("tasks: redrive one")
    def _queued(self, head: Head) -> Head:
        log = msgspec.structs.replace(log_in(head.log), error=None, finished_at=None, started_at=None)
        sets: dict[str, Value] = {"state": "queued", "shelf": shelf_of("queued", head.id), "reason": "", "letter": 0}
        sets |= {"since": milliseconds(self._clock.now()), "run": head.run + 1, "attempt": 0, "due": 0, "stop": 0}
        sets |= {"log": packed_log(log), "expires_at": 0, "owner": ""}
        if not self._table.write([change(head, **sets)]):
            raise Conflict(f"task {head.id} has changed; look at it again")
        return msgspec.structs.replace(head, **sets)

    def _take_back(self, head: Head) -> None:
        """Level by level: what was counted of a failure is counted no more."""
        level = [head] if head.next else []
        while level:
            ends: dict[str, dict[str, Met]] = {}
            for each in level:
                for dependent in self._releases.dependents(each.id):
                    ends.setdefault(dependent, {})[each.id] = Met(each.run, "pending")
            level = [each for each in self._releases.meet(ends).values() if each.next and each.state == "waiting"]

    @access_pattern("tasks: one to cancel or redrive")
    def look(self, task_id: str) -> Head:
        """The task as it is now. Raises NotFound."""
        head = reread(self._table, task_id)
        if head is None:
            raise NotFound(f"there is no task {task_id}; it may have been forgotten")
        return head
