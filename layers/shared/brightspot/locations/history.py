"""Where analyses are remembered: the seam behind which DynamoDB will stand, and its in-memory form."""

import threading
from collections import deque
from typing import Protocol

from brightspot.locations.analysis import Analysis


class History(Protocol):
    """Remembers each computed analysis before its answer leaves."""

    @property
    def backend(self) -> str: ...

    def record(self, analysis: Analysis) -> None: ...

    def count(self) -> int: ...


class MemoryHistory:
    """The latest analyses of this process, newest first."""

    backend = "in-memory"

    def __init__(self, keep: int = 1000) -> None:
        self._analyses: deque[Analysis] = deque(maxlen=keep)
        self._lock = threading.Lock()

    def record(self, analysis: Analysis) -> None:
        with self._lock:
            self._analyses.appendleft(analysis)

    def count(self) -> int:
        """How many are remembered now."""
        with self._lock:
            return len(self._analyses)

    def recent(self, limit: int) -> list[Analysis]:
        """At most `limit` analyses, newest first."""
        with self._lock:
            return list(self._analyses)[:limit]
