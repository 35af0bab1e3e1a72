"""What every suite shares: a clock that only moves when told to."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings

# No property fails by the clock. CI tries the same examples each time; elsewhere every run tries new ones.
settings.register_profile("brightspot", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("brightspot")


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
