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


def rfc3339(at: datetime | float) -> str:
    """An aware moment, or one in Unix seconds, as RFC 3339 in UTC, to the second: 2026-11-28T12:28:00Z."""
    return _text(at, "seconds")


def rfc3339_ms(at: datetime | float) -> str:
    """The same to the millisecond: 2026-11-28T12:28:00.250Z."""
    return _text(at, "milliseconds")


def _text(at: datetime | float, to: str) -> str:
    moment = at.astimezone(UTC) if isinstance(at, datetime) else datetime.fromtimestamp(at, UTC)
    return moment.isoformat(timespec=to).replace("+00:00", "Z")
