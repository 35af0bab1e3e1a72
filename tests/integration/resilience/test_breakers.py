"""Breakers shared by several instances through a real server."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from brightspot.core.clock import SystemClock
from brightspot.resilience import BreakerSettings, CircuitOpenError
from brightspot.valkey import ValkeySettings, connect
from tests.integration.resilience.steps import BRIEF, NAMES, instance, permitted, report, trip, wait_until_over


def test_failures_seen_by_different_instances_add_up(valkey):
    first, second = instance(valkey), instance(valkey)
    report(first, "failed", 3)
    report(second, "failed", 2)
    assert not permitted(first)
    assert not permitted(second)
    assert permitted(first, "economy")


def test_half_open_lets_exactly_two_calls_through_across_instances(valkey):
    first, second = instance(valkey, BRIEF), instance(valkey, BRIEF)
    trip(first)
    wait_until_over()
    assert [permitted(first), permitted(second), permitted(first), permitted(second)] == [True, True, False, False]


def test_two_successes_close_it_wherever_they_happen(valkey):
    first, second = instance(valkey, BRIEF), instance(valkey, BRIEF)
    trip(first)
    wait_until_over()
    assert permitted(first)
    assert permitted(second)
    report(first, "ok")
    assert first.status()["safety"]["state"] == "half_open"
    report(second, "ok")
    assert first.status()["safety"]["state"] == "closed"
    assert first.status()["safety"]["success_count"] == 2


def test_one_failed_trial_call_opens_it_again(valkey):
    first, second = instance(valkey, BRIEF), instance(valkey, BRIEF)
    trip(first)
    wait_until_over()
    assert permitted(first)
    report(first, "failed")
    assert not permitted(second)


def test_a_late_success_of_a_call_from_before_closes_nothing(valkey):
    first, second = instance(valkey, BRIEF), instance(valkey, BRIEF)
    trip(first)
    wait_until_over()
    assert permitted(first)
    report(second, "ok", 5)
    assert second.status()["safety"]["state"] == "half_open"


def test_a_trial_call_that_never_reports_loses_its_place_when_its_lease_ends(valkey):
    breakers = instance(valkey, BreakerSettings(timeout_ms=400, lease_ms=400))
    trip(breakers)
    wait_until_over()
    assert [permitted(breakers) for _ in range(3)] == [True, True, False]
    with pytest.raises(CircuitOpenError) as caught:
        breakers.permit("safety")
    assert 0 < caught.value.retry_after_seconds <= 0.4
    wait_until_over()
    assert permitted(breakers)


def test_the_first_open_time_is_exactly_the_setting_by_the_servers_clock(valkey):
    breakers = instance(valkey, BreakerSettings(timeout_ms=60_000))
    trip(breakers)
    since, until = valkey.call("HMGET", "bs:breaker:{safety}:state", "since", "until")
    assert int(until) - int(since) == 60_000_000
    with pytest.raises(CircuitOpenError, match=r"safety circuit is OPEN\. Retry in (60\.0|59\.\d)s"):
        breakers.permit("safety")


def test_it_stays_open_until_its_time_is_over_and_not_longer(valkey):
    breakers = instance(valkey, BRIEF)
    trip(breakers)
    until = int(valkey.call("HGET", "bs:breaker:{safety}:state", "until"))
    while not permitted(breakers):
        time.sleep(0.005)
    began = int(valkey.call("HGET", "bs:breaker:{safety}:state", "since"))
    assert 0 <= began - until < 200_000


def test_eight_states_come_in_one_trip_with_other_questions(valkey):
    breakers = instance(valkey)
    trip(breakers)
    journey = valkey.trip()
    snapshot, pong = breakers.ask(journey, NAMES), journey.add("PING")
    journey.run()
    assert pong.value == b"PONG"
    assert {name: snapshot.state(name) for name in NAMES} == dict.fromkeys(NAMES, "closed") | {"safety": "open"}


def test_a_permit_by_snapshot_travels_only_for_a_trial_call(valkey, monkeypatch):
    breakers = instance(valkey, BRIEF)
    trip(breakers)
    snapshots = []
    for pause in (0, 0.42):
        time.sleep(pause)
        journey = valkey.trip()
        snapshots.append(breakers.ask(journey, NAMES))
        journey.run()
    travels, exchange = [], valkey.exchange
    monkeypatch.setattr(valkey, "exchange", lambda commands: travels.append(commands) or exchange(commands))
    assert permitted(breakers, "economy", snapshots[0])
    assert not permitted(breakers, "safety", snapshots[0])
    assert travels == []
    assert [permitted(breakers, "safety", snapshots[1]) for _ in range(3)] == [True, True, False]
    assert len(travels) == 3


def test_a_name_the_snapshot_was_not_asked_for_is_asked_of_the_store(valkey):
    breakers = instance(valkey)
    trip(breakers)
    journey = valkey.trip()
    snapshot = breakers.ask(journey, ["economy"])
    journey.run()
    assert not permitted(breakers, "safety", snapshot)


def test_many_outcomes_are_counted_in_one_trip_and_none_is_lost(valkey_url):
    def work(number):
        store = connect(ValkeySettings(url=valkey_url, read_ms=5000), SystemClock())
        breakers = instance(store)
        for _ in range(20):
            journey = store.trip()
            told = breakers.report(journey, dict.fromkeys(NAMES, "ok"))
            journey.run()
            told.settle()
        status = breakers.status()
        store.close()
        return status

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    store = connect(ValkeySettings(url=valkey_url), SystemClock())
    assert {name: each["success_count"] for name, each in instance(store).status().items()} == dict.fromkeys(NAMES, 80)
    store.close()


def test_transitions_are_logged_by_the_instance_that_caused_them(valkey, caplog):
    trip(instance(valkey))
    assert caplog.messages[-2:] == ["safety: Failure 5/5", "safety: CLOSED → OPEN (threshold reached)"]


def test_how_long_one_is_open_is_the_same_for_all_instances_and_begins_with_its_first_opening(valkey):
    first, second = instance(valkey, BRIEF), instance(valkey, BRIEF)
    assert second.longest_open_seconds() == 0
    trip(first)
    opened = int(valkey.call("HGET", "bs:breaker:{safety}:state", "since"))
    wait_until_over()
    assert permitted(first)
    report(first, "failed")
    seconds, micros = map(int, valkey.call("TIME"))
    assert second.longest_open_seconds() >= (seconds * 1_000_000 + micros - opened) / 1_000_000 > 0.4
    wait_until_over()
    for _ in range(2):
        assert permitted(second)
        report(second, "ok")
    assert first.longest_open_seconds() == 0


def test_one_that_a_version_before_opened_counts_from_its_state(valkey):
    trip(instance(valkey))
    valkey.call("HDEL", "bs:breaker:{safety}:state", "opened")
    valkey.call("HINCRBY", "bs:breaker:{safety}:state", "since", -400_000_000)
    assert 400 <= instance(valkey).longest_open_seconds() < 410


def test_reset_is_for_all_instances_and_names_what_it_closed(valkey):
    first, second = instance(valkey), instance(valkey)
    trip(first)
    report(second, "ok", name="economy")
    assert second.reset("nobody") == []
    assert second.reset() == ["economy", "safety"]
    assert permitted(first)
    assert first.status()["safety"] == {
        "name": "safety",
        "state": "closed",
        "failure_count": 0,
        "success_count": 0,
        "seconds_in_state": None,
    }


def test_everything_lapses_when_nobody_uses_it_for_a_day(valkey):
    report(instance(valkey), "ok")
    keys = valkey.call("SCAN", 0, "COUNT", 100)[1]
    assert set(keys) == {b"bs:breaker:{safety}:state", b"bs:breaker:{index}:names"}
    assert all(86_000_000 < valkey.call("PTTL", key) <= 86_400_000 for key in keys)
    valkey.call("ZADD", "bs:breaker:{index}:names", 1, "of_old")
    report(instance(valkey), "ok")
    assert set(instance(valkey).status()) == {"safety"}
