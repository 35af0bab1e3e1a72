"""What every suite shares: a clock that only moves when told to."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.session
import pytest
from botocore.loaders import create_loader
from hypothesis import settings

# Modules that build the bundle, start its functions or deploy it.
BUNDLE = {
    f"tests/bundle/test_{name}.py"
    for name in (
        "built_secrets",
        "deploy_local",
        "emulator",
        "functions",
        "layer",
        "publishing",
        "sam_local",
        "snapstart",
    )
}

# No property fails by the clock. CI tries the same examples each time; elsewhere every run tries new ones.
settings.register_profile("brightspot", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("brightspot")

# Clients of AWS are made by the thousand: what describes its services is read once by each process.
_reader = create_loader()
botocore.session.create_loader = lambda *_: _reader


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where several workers share the tests, each takes whole modules: what a module makes, it makes once.

    Those of the bundle go to one worker, since they share a folder.
    """
    from xdist.scheduler import LoadFileScheduling

    class ByModule(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.partition("::")[0]
            return "bundle" if module in BUNDLE else module

    return ByModule(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The bundle goes first: it takes longest, and the other workers have the rest to do meanwhile."""
    items.sort(key=lambda item: item.nodeid.partition("::")[0] not in BUNDLE)


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
