"""The messages of one event, while a worker handles them."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple

from brightspot.resilience.deadline import Deadline
from brightspot.tasks.attempts import Ending
from brightspot.tasks.rows import Head

Around = Callable[[], AbstractContextManager[object]]


class Delivery(NamedTuple):
    """One message: `id` is its own, and what is done for its task is done inside of `around`."""

    id: str
    task: str
    around: Around


@dataclass(slots=True)
class Event:
    """`again` has the seconds until tasks are looked at again, `finished` the tasks whose end is to be told.

    `endings` are still to be written, the first of them since `waits_since` monotonic seconds.
    """

    around: Mapping[str, Around]
    deadline: Deadline
    again: dict[str, float] = field(default_factory=dict)
    claimed: dict[str, Head] = field(default_factory=dict)
    finished: dict[str, Head] = field(default_factory=dict)
    endings: list[Ending] = field(default_factory=list)
    waits_since: float = 0.0
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, ending: Ending, monotonic: float) -> None:
        """An attempt has ended."""
        with self.lock:
            if not self.endings:
                self.waits_since = monotonic
            self.endings.append(ending)
