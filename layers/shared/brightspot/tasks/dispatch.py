"""Who runs tasks: workers behind a queue per priority, or this process."""

import logging
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Final, Protocol

import msgspec

from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.store import Message, Outbox, QueueUnavailable, new_message
from brightspot.tasks.delays import MOST_OF_SQS_SECONDS, Delays
from brightspot.tasks.rows import Head
from brightspot.tasks.settings import TaskSettings
from brightspot.tasks.shapes import DeadTask, TaskFailure, TaskPriority, TaskRef
from brightspot.tasks.spec import milliseconds

_URGENCY: Final = {TaskPriority.HIGH: 0, TaskPriority.NORMAL: 1, TaskPriority.LOW: 2}
_log = logging.getLogger(__name__)


class Dispatch(Protocol):
    """Has tasks looked at by a worker, each at least once, and not before it is due."""

    def send(self, heads: Sequence[Head]) -> None:
        """Raises AwsUnavailable when some could not be sent."""
        ...

    def bury(self, head: Head, failure: TaskFailure) -> None:
        """Leave a dead letter for a task that failed for good. Raises QueueUnavailable."""
        ...

    def forget(self, head: Head) -> None:
        """The task is not to come at the time that it was scheduled for. Raises AwsUnavailable."""
        ...


class QueueDispatch:
    """One message per task; those that are due later than SQS bears go through `delays`, or wait in steps."""

    def __init__(self, outbox: Outbox, settings: TaskSettings, clock: Clock, delays: Delays | None) -> None:
        self._outbox = outbox
        self._settings = settings
        self._clock = clock
        self._delays = delays

    def send(self, heads: Sequence[Head]) -> None:
        groups: dict[tuple[str, int], list[Message[TaskRef]]] = defaultdict(list)
        for head in heads:
            url, delay = self.url(head.priority), self._delay(head)
            if delay > MOST_OF_SQS_SECONDS and self._delays is not None:
                self._delays.at(_when(head), head.id, url, codec.dumps(message_of(head)).decode())
            else:
                groups[url, min(delay, MOST_OF_SQS_SECONDS)].append(message_of(head))
        refused = [
            each
            for (url, delay), messages in groups.items()
            for each in self._outbox.send_all(url, messages, delay_seconds=delay)
        ]
        if refused:
            raise QueueUnavailable(f"{len(refused)} of {len(heads)} tasks were not taken")

    def bury(self, head: Head, failure: TaskFailure) -> None:
        letter = DeadTask(head.id, head.name, head.run, failure.error, failure.reason)
        self._outbox.send(self._settings.dead_letters_url, new_message(f"{head.id}/{head.run}", letter))

    def forget(self, head: Head) -> None:
        if self._delays is not None:
            self._delays.forget(head.id)

    def url(self, priority: TaskPriority) -> str:
        """The queue of a priority."""
        urls = {"high": self._settings.high_url, "normal": self._settings.normal_url, "low": self._settings.low_url}
        return urls[priority]

    def _delay(self, head: Head) -> int:
        """Whole seconds, none too early."""
        return max(0, ceil((head.due - milliseconds(self._clock.now())) / 1000)) if head.due else 0


class OwnDispatch:
    """This process does what is due, the most urgent first, when it is asked to; nothing runs after that."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: deque[Head] = deque()
        self._lock = threading.Lock()
        self._busy = threading.local()

    def send(self, heads: Sequence[Head]) -> None:
        with self._lock:
            self._waiting.extend(heads)

    def bury(self, head: Head, failure: TaskFailure) -> None:
        told = {"task": head.id, "task_name": head.name, "error": failure.error, "reason": failure.reason}
        _log.error("task_dead", extra=told)

    def forget(self, head: Head) -> None:
        """It is looked at when it is due, and left alone then."""

    def drain(self, handle: Callable[[Head], float | None]) -> None:
        """Have all that is due handled, and what comes of it; `handle` says after how many seconds one comes again.

        A task that submits others leaves them to whoever had it handled.
        """
        if getattr(self._busy, "draining", False):
            return
        self._busy.draining = True
        try:
            while (head := self._next()) is not None:
                again = handle(head)
                if again is not None:
                    due = milliseconds(self._clock.now()) + round(again * 1000)
                    self.send([msgspec.structs.replace(head, due=due)])
        finally:
            self._busy.draining = False

    def _next(self) -> Head | None:
        with self._lock:
            now = milliseconds(self._clock.now())
            due = [each for each in self._waiting if each.due <= now]
            if not due:
                return None
            head = min(due, key=lambda each: _URGENCY[each.priority])
            self._waiting.remove(head)
            return head


def message_of(head: Head) -> Message[TaskRef]:
    """What tells a worker of a task."""
    return new_message(head.id, TaskRef(head.id, head.name))


def _when(head: Head) -> datetime:
    return datetime.fromtimestamp(head.due / 1000, UTC)
