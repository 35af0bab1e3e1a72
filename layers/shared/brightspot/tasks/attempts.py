"""One attempt of a task: its function is called, and what it did becomes the end of the task or of the attempt."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from brightspot.core.clock import Clock
from brightspot.resilience.deadline import Deadline
from brightspot.store import access_pattern
from brightspot.store.timed import timed
from brightspot.tasks.errors import PermanentTaskError, TaskCancelled
from brightspot.tasks.registry import DEFAULT_TIMEOUT_SECONDS, BackgroundTask, found, split_address
from brightspot.tasks.rows import Effect, Head, TaskTable, Value, change, heads_of, shelf_of
from brightspot.tasks.running import RunningTask, called
from brightspot.tasks.shapes import State, TaskFailure
from brightspot.tasks.spec import Log, Spec, log_in, milliseconds, packed_log, spec_in, told
from brightspot.telemetry import TASK_WAIT_SECONDS, observe

OWN: Final = "own"  # the reason of a failure that is the task's, which a redrive may mend
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ending:
    """What is to be written at the end of an attempt: the head as it was claimed, what changes, and what else does.

    `again` are the seconds after which it is to be tried again, None when the task has ended.
    """

    head: Head
    sets: dict[str, Value]
    effects: Sequence[Effect] = ()
    failure: TaskFailure | None = None
    again: float | None = None


class Attempts:
    """Runs tasks that are claimed. `backoff` gives the seconds before the next try after the how manieth failed."""

    def __init__(self, table: TaskTable, clock: Clock, *, backoff: Callable[[int], float], kept_seconds: float) -> None:
        self._table = table
        self._clock = clock
        self._backoff = backoff
        self._kept_seconds = kept_seconds

    def timeout(self, head: Head) -> float:
        """Seconds that an attempt may take."""
        spec = spec_in(head.spec)
        if spec.timeout is not None:
            return spec.timeout
        task = found(head.name, spec.path)
        return DEFAULT_TIMEOUT_SECONDS if task is None else task.timeout

    def run(self, head: Head, deadline: Deadline) -> Ending:
        """Call the task's function once. Raises nothing of what it raises."""
        spec, log = spec_in(head.spec), log_in(head.log)
        log = msgspec.structs.replace(log, started_at=told(head.since))
        task = self._running(head, spec, deadline)
        try:
            with timed(label_of(head)):
                result = called(task, _bound(head, spec))
            done = msgspec.structs.replace(log, result=result, error=None)
            return self._ended(head, "done", done, effects=task.effects)
        except Exception as error:  # noqa: BLE001  # whatever it was, it is the task's, and the task says it
            return self.given_up(head, error)

    def given_up(self, head: Head, error: Exception) -> Ending:
        """What follows an attempt that raised: another one, or the end."""
        log = msgspec.structs.replace(log_in(head.log), started_at=told(head.since))
        if isinstance(error, TaskCancelled):
            log = msgspec.structs.replace(log, error=TaskFailure("TaskCancelled", str(error)))
            return self._ended(head, "cancelled", log, reason=OWN)
        extra = {"task": head.id, "task_name": head.name, "attempt": head.attempt}
        if not isinstance(error, PermanentTaskError) and head.attempt < head.most:
            _log.warning("task_attempt_failed", extra={**extra, "error": _text(error)})
            return self._retried(head, log, error)
        _log.error("task_failed", extra=extra, exc_info=error)
        failure = TaskFailure(type(error).__name__, str(error)[:500])
        log = msgspec.structs.replace(log.failed(head.attempt, told(self._now()) or "", _text(error)), error=failure)
        return self._ended(head, "failed", log, failure=failure, reason=OWN)

    def _retried(self, head: Head, log: Log, error: Exception) -> Ending:
        now, again = self._now(), self._backoff(head.attempt)
        sets: dict[str, Value] = {"state": "queued", "shelf": shelf_of("queued", head.id), "since": now, "owner": ""}
        sets |= {"lease": 0, "due": now + round(again * 1000)}
        sets["log"] = packed_log(log.failed(head.attempt, told(now) or "", _text(error)))
        return Ending(head, sets, again=again)

    def _ended(
        self,
        head: Head,
        state: State,
        log: Log,
        *,
        effects: Sequence[Effect] = (),
        failure: TaskFailure | None = None,
        reason: str = "",
    ) -> Ending:
        now = self._now()
        sets: dict[str, Value] = {"state": state, "shelf": shelf_of(state, head.id), "since": now, "reason": reason}
        sets |= {"lease": 0, "expires_at": now // 1000 + int(self._kept_seconds)}
        sets["log"] = packed_log(msgspec.structs.replace(log, finished_at=told(now)))
        return Ending(head, sets, effects, failure)

    def _running(self, head: Head, spec: Spec, deadline: Deadline) -> RunningTask:
        within = deadline.within(self.timeout(head))
        return RunningTask(
            head.id,
            head.name,
            head.attempt,
            within,
            tenant=spec.tenant,
            look=lambda: self._is_to_stop(head),
            tell=lambda done, total: self._tell(head, done, total),
        )

    @access_pattern("tasks: whether one is to stop")
    def _is_to_stop(self, head: Head) -> bool:
        row = self._table.read([head.key]).get(head.key)
        return row is None or bool(row["stop"]) or row["owner"] != head.owner

    @access_pattern("tasks: keep progress")
    def _tell(self, head: Head, done: int, total: int) -> bool:
        self._table.write([change(head, done=done, total=total)])
        return self._is_to_stop(head)

    def _now(self) -> int:
        return milliseconds(self._clock.now())


def waited(head: Head, before: Head) -> None:
    """Note how long a claimed task had been queued."""
    observe(TASK_WAIT_SECONDS, max(0, head.since - before.since) / 1000, priority=head.priority)


def label_of(head: Head) -> str:
    """What figures call a task: its name where it is one of ours, since names come from outside."""
    return head.name if found(head.name) is not None else "other"


def _bound(head: Head, spec: Spec) -> Callable[[], Any]:
    """The call. Raises PermanentTaskError when there is no such task, or it does not take the arguments."""
    path, args = (spec.path, tuple(spec.args)) if spec.path else split_address(spec.args)
    task = found(head.name, path)
    if task is None:
        raise PermanentTaskError(f"no worker knows a task named {head.name}")
    misfit = task.misfit(args, spec.kwargs)
    if misfit is not None:
        raise PermanentTaskError(misfit)
    return _call(task, args, spec)


def _call(task: BackgroundTask, args: Sequence[Any], spec: Spec) -> Callable[[], Any]:
    return lambda: task.function(*args, **spec.kwargs)


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def reread(table: TaskTable, task_id: str) -> Head | None:
    """A task as it is now; None when it is gone."""
    return heads_of(table, [task_id]).get(task_id)
