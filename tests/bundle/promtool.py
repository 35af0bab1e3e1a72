"""Prometheus' own checks: of what it would load, and of rules over series that go on as told."""

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pytest
import yaml

from brightspot.operations.alerting.rule import Burn
from brightspot.operations.alerting.rules import RULES
from brightspot_local.alarms.__main__ import ALERTS, RECORDING
from brightspot_local.paths import ROOT

_PROMTOOL = ROOT / ".tools" / "promtool" / "promtool"
_BY_NAME = {each.name: each for each in RULES}
EACH_SECONDS = 30  # what is scraped so often
Values = Sequence[float | None]  # one each 30 seconds from the start on; None: nothing was scraped


@dataclass(frozen=True)
class At:
    """After so many minutes an alert fires, or it does not."""

    minutes: float
    alert: str
    fires: bool


def promtool(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Skips where there is none."""
    if not _PROMTOOL.exists():
        pytest.skip("promtool is not here: `make .tools/promtool/.ready` sets it up where there is apt, or one on PATH")
    return subprocess.run([_PROMTOOL, *arguments], input=text, capture_output=True, text=True, check=False)


def assert_fires(folder: Path, series: Mapping[str, Values], expected: Iterable[At], every: str = "5m") -> None:
    """The rules, asked `every` so often, fire and are over when they should."""
    expected = tuple(expected)
    recorded = any(isinstance(_BY_NAME[each.alert].condition, Burn) for each in expected)
    files = [RECORDING, ALERTS] if recorded else [ALERTS]
    groups = [each["name"] for file in files for each in yaml.safe_load(file.read_text())["groups"]]
    told = {
        "rule_files": [str(each) for each in files],
        "evaluation_interval": every,
        "group_eval_order": groups,  # else any comes first, and an alert may look at what was recorded a minute ago
        "tests": [
            {
                "interval": f"{EACH_SECONDS}s",
                "input_series": [{"series": name, "values": _values(each)} for name, each in series.items()],
                "alert_rule_test": [_expected(each) for each in expected],
            }
        ],
    }
    file = folder / "test.yaml"
    file.write_text(yaml.safe_dump(told, width=10_000))
    done = promtool("test", "rules", str(file))
    assert done.returncode == 0, done.stdout + done.stderr


def counted(per_minute: Iterable[float]) -> list[float]:
    """A counter that grows by so much in each minute, half of it in each half."""
    return [0, *accumulate(each / 2 for minute in per_minute for each in (minute, minute))]


def read(per_minute: Iterable[float | None]) -> list[float | None]:
    """A gauge that has a value for each minute, whose readings come in the middle of it and at its end."""
    return [None, *(each for minute in per_minute for each in (minute, minute))]


def _values(values: Values) -> str:
    return " ".join("_" if each is None else f"{each:.10g}" for each in values)


def _expected(at: At) -> dict[str, object]:
    rule = _BY_NAME[at.alert]
    labels = {"severity": rule.severity}
    if isinstance(rule.condition, Burn):
        labels["objective"] = rule.condition.objective
    alert = {"exp_labels": labels, "exp_annotations": {"summary": rule.summary}}
    return {"eval_time": f"{round(at.minutes * 60)}s", "alertname": at.alert, "exp_alerts": [alert] if at.fires else []}
