"""What every suite shares: a clock that only moves when told to."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings

# No property fails by the clock. CI tries the same examples each time; elsewhere every run tries new ones.
settings.register_profile("brightspot", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("brightspot")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several workers share the tests, each takes whole modules: what a module makes, it makes once.

    Modules that build the bundle, start its functions or deploy it are one group, since they share a folder. It goes
    first: it takes longest, and the other workers have the rest to do meanwhile.
    """
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    items.sort(key=lambda item: item.get_closest_marker("xdist_group").args != ("bundle",))


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
