"""Operations are measured under their name, whatever becomes of them."""

import asyncio
import logging
import time

import pytest

from brightspot.telemetry import METRICS, Ledger, monitor_performance, performance_context, recorder
from brightspot.valkey import StoreUnavailable
from tests.wiring import forget_wiring


@pytest.fixture
def ledger(monkeypatch):
    """Of a process without a store, that finds everything slow from 20 ms on."""
    monkeypatch.setenv("PERFORMANCE_ALERT_THRESHOLD_MS", "20")
    forget_wiring()
    yield recorder.shared_ledger()
    forget_wiring()


def told(ledger: Ledger):
    figures = ledger.totals(METRICS)
    durations = {series[1]: each.count for series, each in figures.sketches.items() if series[0] == "OperationDuration"}
    return durations, {series[1:]: each for series, each in figures.counters.items() if series[0] == "OperationErrors"}


def test_a_function_is_measured_and_stays_what_it_is(ledger):
    @monitor_performance("double")
    def double(number: int) -> int:
        """Twice as much."""
        return 2 * number

    assert [double(1), double(number=2)] == [2, 4]
    assert (double.__name__, double.__doc__) == ("double", "Twice as much.")
    assert told(ledger) == ({"double": 2}, {})


def test_a_coroutine_function_is_measured_until_it_is_over(ledger):
    @monitor_performance("nap")
    async def nap(seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "rested"

    assert asyncio.iscoroutinefunction(nap)
    assert asyncio.run(nap(0.03)) == "rested"
    assert told(ledger) == ({"nap": 1}, {})
    assert [each.operation for each in ledger.slowest()] == ["nap"]


def test_what_is_raised_is_counted_by_its_class_and_passed_on(ledger):
    @monitor_performance("fail")
    def fail(error: Exception) -> None:
        raise error

    for error in (ZeroDivisionError(), StoreUnavailable("away"), StoreUnavailable("away"), TimeoutError()):
        with pytest.raises(type(error)):
            fail(error)
    durations, errors = told(ledger)
    assert durations == {"fail": 4}
    assert errors == {("fail", "internal"): 1, ("fail", "external_service"): 2, ("fail", "timeout"): 1}


def test_a_block_is_measured_plain_or_async(ledger):
    async def awaited():
        async with performance_context("block", {"table": "users"}):
            pass

    with performance_context("block"):
        pass
    asyncio.run(awaited())
    assert told(ledger) == ({"block": 2}, {})


def test_a_slow_block_is_an_event_with_its_attributes(ledger, caplog):
    with caplog.at_level(logging.WARNING), performance_context("query", {"table": "users"}):
        time.sleep(0.025)
    with performance_context("query", {"table": "users"}):
        pass
    (event,) = [each for each in caplog.records if each.message == "operation_slow"]
    assert (event.operation, event.attributes) == ("query", {"table": "users"})
    assert event.ms >= 20
    assert len(ledger.slowest()) == 1


@pytest.mark.parametrize("name", ["PERFORMANCE_MONITORING_ENABLED", "ENTERPRISE_MONITORING_ENABLED"])
def test_nothing_is_measured_when_it_is_switched_off(ledger, monkeypatch, name):
    monkeypatch.setenv(name, "false")
    forget_wiring()
    with performance_context("block"):
        pass
    assert told(recorder.shared_ledger()) == ({}, {})
