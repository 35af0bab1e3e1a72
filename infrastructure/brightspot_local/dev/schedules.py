"""The schedules of `make dev`: calls functions when they are due, with the input that EventBridge Scheduler gives them.

Source: docs.aws.amazon.com, "Adding context attributes in EventBridge Scheduler".
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from brightspot.core.clock import Clock, SystemClock
from brightspot_local.dev.intrinsics import ACCOUNT, REGION, Intrinsics, TemplateError
from brightspot_local.dev.pool import Pool, WorkerFailed
from brightspot_local.dev.template import Schedule, schedules
from brightspot_local.dev.timetable import Timetable, timetable

_JOIN_SECONDS = 5.0
Say = Callable[[str], None]


class Scheduled(threading.Thread):
    """Calls one function when its schedule is due; what was due while a call lasted is left out."""

    def __init__(self, schedule: Schedule, due: Timetable, pool: Pool, clock: Clock, say: Say) -> None:
        super().__init__(name=f"schedule-{schedule.name}", daemon=True)
        self._schedule = schedule
        self._due = due
        self._pool = pool
        self._clock = clock
        self._say = say
        self._ending = threading.Event()

    def end(self) -> None:
        """Call no more; a call under way is finished."""
        self._ending.set()

    def run(self) -> None:
        due = self._due(self._clock.now())
        while not self._ending.wait(min((due - self._clock.now()).total_seconds(), threading.TIMEOUT_MAX)):
            self._call(due)
            while due <= self._clock.now():
                due = self._due(due)

    def _call(self, due: datetime) -> None:
        named = f"{self._schedule.name} -> {self._schedule.function}"
        try:
            self._pool.invoke(event(self._schedule, due))
        except WorkerFailed as error:
            self._say(f"failed   {named}: {error}")
        else:
            self._say(f"schedule {named}: done")


@contextmanager
def scheduling(known: Intrinsics, pools: Mapping[str, Pool], say: Say, clock: Clock | None = None) -> Iterator[None]:
    """Run every schedule that can be run here, the others are told; at the end, wait for the calls under way."""
    threads = []
    for schedule in schedules(known):
        try:
            due = timetable(schedule.expression)
        except TemplateError as error:
            say(f"without  schedule {schedule.name}: {error}")
            continue
        threads.append(Scheduled(schedule, due, pools[schedule.function], clock or SystemClock(), say))
        say(f"schedule {schedule.name} {schedule.expression} -> {schedule.function}")
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.end()
        for thread in threads:
            thread.join(_JOIN_SECONDS)  # a longer call ends with its worker


def event(schedule: Schedule, due: datetime) -> dict[str, Any]:
    """The event of one call: the schedule's input with the attributes that Scheduler fills in."""
    attributes = {
        "schedule-arn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{schedule.name}",
        "scheduled-time": due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "execution-id": uuid4().hex[:16],
        "attempt-number": "1",
    }
    text = schedule.input
    for name, value in attributes.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    made: dict[str, Any] = json.loads(text)
    return made
