"""Time as a thing one is given: wall time for records, monotonic time for deadlines."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells aware UTC time and monotonic seconds."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
