"""What a health probe tells."""

import io
from random import Random

import pytest

from brightspot.operations import Health, probe_health
from brightspot.resilience import Breakers, BreakerSettings
from brightspot.telemetry import configure_metrics, flush_metrics
from tests.emf_spec import documents

OK = {"status": "ok"}


@pytest.fixture(autouse=True)
def figures(monkeypatch):
    """The figures of each line written so far."""
    monkeypatch.setenv("METRICS_STACK", "brightspot-test")
    stream = io.StringIO()
    configure_metrics(stream)

    def read():
        flush_metrics()
        told = ("Healthy", "CacheDegraded", "BreakerOpenSeconds")
        return [{name: root[name] for name in told if name in root} for root in documents(stream.getvalue())]

    yield read
    monkeypatch.delenv("METRICS_STACK")
    configure_metrics()


@pytest.fixture
def breakers(clock):
    return Breakers(None, clock, BreakerSettings(), Random(7))


def report(status="healthy", cache=OK):
    return Health(status, "1", {}, OK, cache, OK, OK)


def test_it_asks_twice_and_tells_both_answers_in_one_line_and_one_event(figures, breakers, caplog):
    caplog.set_level("INFO")
    probe_health(report, breakers)
    assert figures() == [{"Healthy": [1, 1], "CacheDegraded": [0, 0], "BreakerOpenSeconds": [0, 0]}]
    (event,) = caplog.records
    assert (event.levelname, event.message, event.statuses) == ("INFO", "health_probed", ["healthy", "healthy"])


def test_maintenance_wakes_nobody(figures, breakers, caplog):
    caplog.set_level("INFO")
    probe_health(lambda: report("maintenance"), breakers)
    assert figures()[0]["Healthy"] == [1, 1]
    assert caplog.records[0].levelname == "INFO"


@pytest.mark.parametrize("status", ["degraded", "unhealthy"])
def test_any_other_status_is_not_healthy_and_a_warning(figures, breakers, caplog, status):
    answers = [report(), report(status)]
    probe_health(lambda: answers.pop(0), breakers)
    assert figures()[0]["Healthy"] == [1, 0]
    (event,) = caplog.records
    assert (event.levelname, event.statuses) == ("WARNING", ["healthy", status])


@pytest.mark.parametrize("cache", [{"status": "failed", "reason": "away"}, {"status": "timeout", "reason": "5 s"}])
def test_a_cache_that_cannot_be_reached_is_degraded(figures, breakers, caplog, cache):
    probe_health(lambda: report("degraded", cache), breakers)
    assert figures()[0]["CacheDegraded"] == [1, 1]
    assert caplog.records[0].cache == cache


def test_the_longest_open_breaker_counts(figures, breakers, clock):
    for name, seconds in (("economy", 100), ("safety", 250)):
        for _ in range(5):
            breakers.report(None, {name: "failed"})
        clock.advance(seconds=seconds)
    probe_health(report, breakers)
    assert figures()[0]["BreakerOpenSeconds"] == [350, 350]


def test_a_report_that_cannot_be_made_is_told_as_not_healthy_and_fails_the_run(figures, breakers, caplog):
    def broken():
        raise OSError("no dataset")

    with pytest.raises(OSError, match="no dataset"):
        probe_health(broken, breakers)
    assert figures() == [{"Healthy": [0]}]
    assert [(event.levelname, event.message) for event in caplog.records] == [("ERROR", "health_probe_failed")]
