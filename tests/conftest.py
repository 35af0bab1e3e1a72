"""What every suite shares: a clock that only moves when told to."""

from datetime import UTC, datetime, timedelta

import pytest


class HandClock:
    """Satisfies `Clock`; time stands still until `advance`."""

    def __init__(self) -> None:
        self._at = datetime(2026, 1, 1, tzinfo=UTC)
        self._seconds = 1000.0

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return self._seconds

    def advance(self, *, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)
        self._seconds += seconds


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
