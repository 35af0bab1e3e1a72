"""What a worker does with the messages of one event: claim their tasks together, run them, tell what came of them.

Nothing is lost when it is killed, wherever that is:

- Before the claim nothing has changed: the message comes again.
- Between claim and end the task is `running` under a lease. The message comes again; once the lease is over another
  claim takes it, and the first worker's end is refused, since the row has another owner.
- The end is one transaction: the task's state and all its effects, or neither.
- After it the message is still there. It finds the task finished, and does what comes after an end once more: each
  dependent is counted once (`Releases`), whatever may go on is sent again, a dead letter that was not noted is left.
- The message is deleted when the handler has returned, and by then all that was done.

The same argument holds for two workers with one message: one claims, the other finds the lease and waits for its end.
"""

import logging
from collections.abc import Callable, Sequence
from secrets import token_hex
from typing import Final

from brightspot.core.clock import Clock
from brightspot.resilience.deadline import Deadline
from brightspot.store import access_pattern
from brightspot.tasks.attempts import OWN, Attempts, label_of, waited
from brightspot.tasks.claims import Claims
from brightspot.tasks.dispatch import Dispatch
from brightspot.tasks.ends import Ends
from brightspot.tasks.errors import TaskCancelled, WorkerLost
from brightspot.tasks.event import Delivery, Event
from brightspot.tasks.judging import judged
from brightspot.tasks.leases import Heartbeat
from brightspot.tasks.releases import Releases
from brightspot.tasks.rows import Head, TaskTable, change, heads_of
from brightspot.tasks.shapes import TaskFailure
from brightspot.tasks.spec import log_in, milliseconds
from brightspot.telemetry import TASKS_FINISHED, count

_FLUSHED_SECONDS: Final = 0.2  # what waits for a task that ended waits no longer than this for the others of its event
_LOOKED_AGAIN_SECONDS: Final = 1.0
_MARGIN_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


class Worker:
    """Handles the messages of one event at a time."""

    def __init__(
        self,
        table: TaskTable,
        dispatch: Dispatch,
        clock: Clock,
        *,
        claims: Claims,
        attempts: Attempts,
        ends: Ends,
        releases: Releases,
    ) -> None:
        self._table = table
        self._dispatch = dispatch
        self._clock = clock
        self._claims = claims
        self._attempts = attempts
        self._ends = ends
        self._releases = releases

    def handle(
        self, deliveries: Sequence[Delivery], deadline: Deadline, beside: Callable[[], None] = lambda: None
    ) -> dict[str, float]:
        """Do what the messages ask for; of those that are to come again, after how many seconds.

        `beside` is called whenever leases are extended. Raises AwsUnavailable: all of them are to come again then,
        which changes nothing for what was done already.
        """
        event = Event({each.task: each.around for each in deliveries}, deadline)
        claimable = self._sorted(event)
        if claimable:
            before = {head.id: head for head in claimable}
            event.claimed = {head.id: head for head in self._claims.take(claimable, token_hex(8))}
            for head in event.claimed.values():
                waited(head, before[head.id])
        if event.claimed:
            with Heartbeat(self._claims, event.claimed, lambda: self._flush_if_due(event), beside):
                self._run(event)
        self._flush(event)
        return {each.id: event.again[each.task] for each in deliveries if each.task in event.again}

    @access_pattern("tasks: what messages are about")
    def _sorted(self, event: Event) -> list[Head]:
        """The tasks to claim; what is to be done about the others is noted, or done."""
        heads, now = heads_of(self._table, event.around), milliseconds(self._clock.now())
        claimable = []
        for task_id in event.around:
            head = heads.get(task_id)
            verdict, seconds = judged(head, now)
            if head is None or verdict == "waits":
                _log.info("task_message_idle", extra={"task": task_id, "verdict": verdict})
            elif verdict == "finished":
                event.finished[task_id] = head
            elif verdict == "early" and head.state == "scheduled":
                self._dispatch.send([head])  # the way to a time that is far away is made in steps
            elif verdict in {"early", "leased"}:
                event.again[task_id] = seconds
            elif verdict in {"lost", "stopped"}:
                error = WorkerLost("its worker was silent") if verdict == "lost" else TaskCancelled("as it was asked")
                event.add(self._attempts.given_up(head, error), self._clock.monotonic())
            else:
                claimable.append(head)
                event.again[task_id] = _LOOKED_AGAIN_SECONDS  # unless it is claimed, and ends
        return claimable

    def _run(self, event: Event) -> None:
        for at, head in enumerate(list(event.claimed.values())):
            if at and event.deadline.remaining() < self._attempts.timeout(head) + _MARGIN_SECONDS:
                self._claims.give_back(head)  # there is no time for it here
                event.claimed.pop(head.id, None)
                event.again[head.id] = 0.0
                continue
            with event.around[head.id]():
                event.add(self._attempts.run(head, event.deadline), self._clock.monotonic())
            self._flush_if_due(event)

    def _flush_if_due(self, event: Event) -> None:
        if event.endings and self._clock.monotonic() - event.waits_since >= _FLUSHED_SECONDS:
            self._flush(event)

    def _flush(self, event: Event) -> None:
        """Write the ends there are, and have them told; what fails is still to be done."""
        with event.lock:
            for ending, head in self._ends.write(event.endings) if event.endings else ():
                event.claimed.pop(ending.head.id, None)
                event.again.pop(ending.head.id, None)
                if head is None:
                    event.again[ending.head.id] = _LOOKED_AGAIN_SECONDS  # it is another worker's
                elif not head.is_finished:
                    event.again[head.id] = ending.again or 0.0
                else:
                    event.finished[head.id] = head
                outcome = "lost" if head is None else head.state if head.is_finished else "retried"
                count(TASKS_FINISHED, task=label_of(ending.head), outcome=outcome)
            event.endings = []
            self._tell(event)

    def _tell(self, event: Event) -> None:
        for head in event.finished.values():
            if head.state == "failed" and head.reason == OWN and not head.letter:
                failure = log_in(head.log).error or TaskFailure("Unknown", "no reason was kept")
                self._dispatch.bury(head, failure)
                self._note_letter(head)
        self._releases.release(event.finished.values())
        event.finished.clear()

    @access_pattern("tasks: note a dead letter")
    def _note_letter(self, head: Head) -> None:
        self._table.write([change(head, letter=1)])
