"""Breakers whose store is away, comes back, or forgot everything."""

import pytest

from brightspot.core.clock import SystemClock
from brightspot.valkey import StoreUnavailable, ValkeySettings, connect
from tests.integration.resilience.steps import NAMES, instance, permitted, report, trip


def test_a_server_that_restarts_empty_starts_closed(valkey):
    breakers = instance(valkey)
    trip(breakers)
    valkey.call("FLUSHALL")
    valkey.call("SCRIPT", "FLUSH")
    assert permitted(breakers)
    report(breakers, "ok")
    assert breakers.status()["safety"]["success_count"] == 1


def test_with_the_store_away_this_process_counts_by_the_same_rules(caplog):
    store = connect(ValkeySettings(url="redis://127.0.0.1:1/0"), SystemClock())
    breakers = instance(store)
    journey = store.trip()
    snapshot = breakers.ask(journey, NAMES)
    with pytest.raises(StoreUnavailable):
        journey.run()
    assert permitted(breakers, "safety", snapshot)
    trip(breakers)
    assert not permitted(breakers, "safety", snapshot)
    assert not permitted(breakers)
    assert breakers.status()["safety"]["state"] == "open"
    assert snapshot.state("safety") == "open"
    assert "safety: CLOSED → OPEN (threshold reached)" in caplog.messages
    with pytest.raises(StoreUnavailable):
        breakers.reset()


def test_a_report_whose_trip_fails_counts_here_and_once():
    store = connect(ValkeySettings(url="redis://127.0.0.1:1/0"), SystemClock())
    breakers, journey = instance(store), store.trip()
    told = breakers.report(journey, {"safety": "failed"})
    with pytest.raises(StoreUnavailable):
        journey.run()
    told.settle()
    told.settle()
    assert breakers.status()["safety"]["failure_count"] == 1


def test_when_the_store_is_back_what_was_counted_without_it_is_over(valkey, monkeypatch):
    breakers = instance(valkey)

    def away(commands):
        raise StoreUnavailable("away")

    with monkeypatch.context() as patched:
        patched.setattr(valkey, "exchange", away)
        trip(breakers)
        assert not permitted(breakers)
    assert permitted(breakers)
    with monkeypatch.context() as patched:
        patched.setattr(valkey, "exchange", away)
        assert permitted(breakers)


def test_a_report_that_arrives_ends_what_was_counted_without_the_store(valkey, monkeypatch):
    breakers = instance(valkey)

    def away(commands):
        raise StoreUnavailable("away")

    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr(valkey, "exchange", away)
            report(breakers, "failed", 3)
            assert permitted(breakers)
        report(breakers, "ok")
