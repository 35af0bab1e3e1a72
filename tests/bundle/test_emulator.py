"""What the emulator tells of a function that it started: each event's time, and the most memory it took."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from brightspot_local.bundle import Bundle, Emulator, FunctionFailed
from brightspot_local.dev.template import Function
from tests.bundle.conftest import Start

HANDLER = """
import time
def handler(event, context):
    time.sleep(event["ms"] / 1000)
    return {"length": len(b"x" * (event["mb"] << 20))}
"""
MB = 1 << 20


@pytest.fixture
def probe(tmp_path: Path, bundle: Bundle, start: Start) -> Iterator[Emulator]:
    (tmp_path / "probe_handler.py").write_text(HANDLER)
    function = Function("Probe", tmp_path, "probe_handler.handler", 5.0, {})
    with Emulator(function, bundle.layer, tmp_path / "log") as started:
        yield started


def test_a_function_that_took_memory_once_is_told_to_have_taken_it(probe: Emulator) -> None:
    probe.invoke({"ms": 0, "mb": 1})
    before = probe.peak_bytes
    probe.invoke({"ms": 0, "mb": 100})
    probe.invoke({"ms": 0, "mb": 1})
    assert 90 * MB <= probe.peak_bytes - before < 120 * MB  # the start leaves some megabytes that are used again


def test_each_event_has_its_own_duration(probe: Emulator) -> None:
    for each in (0, 200, 0):
        probe.invoke({"ms": each, "mb": 0})
    first, second, third = probe.durations_ms
    assert second >= 200
    assert second > third
    assert first > 0


def test_a_function_that_was_not_started_yet_has_no_peak(probe: Emulator) -> None:
    with pytest.raises(FunctionFailed, match="it does not run"):
        _ = probe.peak_bytes
