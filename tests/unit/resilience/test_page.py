"""docs/resilience.md says what the code does."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from brightspot.core.kinds import KINDS
from brightspot.resilience import BreakerSettings, shared_breakers
from brightspot.resilience.maintenance import MaintenanceSettings
from brightspot.resilience.retry import RetrySettings
from brightspot.resilience.timeouts import TimeoutSettings

PAGE = (Path(__file__).parents[3] / "docs" / "resilience.md").read_text()
GROUPS = (BreakerSettings, RetrySettings, TimeoutSettings, MaintenanceSettings)


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    from brightspot.valkey import shared_valkey

    for variable in ("REDIS_URL", "REDIS_HOST"):
        monkeypatch.delenv(variable, raising=False)
    for factory in (shared_valkey, shared_breakers):
        factory.cache_clear()
    yield
    for factory in (shared_valkey, shared_breakers):
        factory.cache_clear()


def test_its_tables_name_every_setting_and_its_default():
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| (\S+) \|", PAGE, re.MULTILINE))
    declared = {
        each.metadata["variable"]: "empty" if each.default == "" else str(each.default).lower()
        for group in GROUPS
        for each in fields(group)
    }
    assert told == declared


def test_its_table_of_kinds_is_that_of_the_code():
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\d+)[^|]*\| (yes|no) \|", PAGE, re.MULTILINE)
    assert rows == [
        (each.name, each.severity, str(each.status), "yes" if each.retryable else "no") for each in KINDS.values()
    ]


def test_its_examples_run_as_they_stand():
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    exec("\n".join(blocks), {"__name__": "page"})  # noqa: S102  # our own page
