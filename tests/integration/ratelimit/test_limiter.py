"""Limits asked on a shared round trip, over several subjects and instances."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from brightspot.core.clock import SystemClock
from brightspot.ratelimit import Limit, Limiter, per_minute
from brightspot.valkey import StoreUnavailable, ValkeySettings, connect


def ask(valkey, *subjects, limit=None, weight=1):
    trip = valkey.trip()
    pending = Limiter(valkey, SystemClock()).ask(trip, "analyze", limit or per_minute(3), subjects, weight)
    trip.run()
    return pending.decide()


def test_the_question_shares_its_round_trip_with_others(valkey):
    trip = valkey.trip()
    pending = Limiter(valkey, SystemClock()).ask(trip, "analyze", per_minute(3), ["192.0.2.7"])
    pong = trip.add("PING")
    trip.run()
    decision = pending.decide()
    assert (pong.value, decision.allowed, decision.remaining, decision.policy) == (b"PONG", True, 2, "analyze")
    assert 59 < decision.reset_after_seconds <= 60
    assert abs(decision.reset_epoch_seconds - time.time() - 60) < 3


def test_every_subject_and_policy_has_a_slot_of_its_own(valkey):
    ask(valkey, "192.0.2.7", "user:42")
    assert set(valkey.call("SCAN", 0, "COUNT", 100)[1]) == {
        b"bs:ratelimit:{analyze:192.0.2.7}:log",
        b"bs:ratelimit:{analyze:user:42}:log",
    }


def test_the_strictest_subject_answers(valkey):
    ask(valkey, "user:42")
    ask(valkey, "user:42")
    assert ask(valkey, "192.0.2.7", "user:42").remaining == 0


def test_one_subject_named_twice_counts_once(valkey):
    assert ask(valkey, "a", "a").remaining == 2


@pytest.mark.parametrize("algorithm", ["log", "gcra"])
def test_a_refusal_for_one_subject_gives_back_what_another_had_counted(valkey, algorithm):
    limit = Limit(3, 60, algorithm)
    ask(valkey, "user:42", limit=limit, weight=3)
    for _ in range(5):
        refused = ask(valkey, "192.0.2.7", "user:42", limit=limit, weight=2)
        assert not refused.allowed
        assert refused.retry_after_seconds > 0
    assert ask(valkey, "192.0.2.7", limit=limit).remaining == 2


def test_a_refund_that_cannot_travel_is_told_and_fails_nothing(valkey, caplog):
    class Broken:
        def trip(self):
            return connect(ValkeySettings(url="redis://127.0.0.1:1/0"), SystemClock()).trip()

    ask(valkey, "user:42", weight=3)
    trip = valkey.trip()
    pending = Limiter(Broken(), SystemClock()).ask(trip, "analyze", per_minute(3), ["192.0.2.7", "user:42"])
    trip.run()
    assert not pending.decide().allowed
    assert "rate_limit_refund_failed" in caplog.messages


def test_with_the_store_down_deciding_says_so_and_the_local_log_takes_over():
    store = connect(ValkeySettings(url="redis://127.0.0.1:1/0"), SystemClock())
    limiter, trip = Limiter(store, SystemClock()), store.trip()
    pending = limiter.ask(trip, "login", per_minute(1), ["a"])
    with pytest.raises(StoreUnavailable):
        trip.run()
    with pytest.raises(StoreUnavailable):
        pending.decide()
    decisions = [limiter.local("login", per_minute(1), ["a"], fail_open=False).allowed for _ in range(2)]
    assert decisions == [True, False]


def test_exactly_n_of_a_burst_get_through_over_eight_clients_with_two_subjects(valkey_url):
    def client(number):
        store = connect(ValkeySettings(url=valkey_url, read_ms=5000), SystemClock())
        limiter, passed = Limiter(store, SystemClock()), 0
        for _ in range(40):
            trip = store.trip()
            pending = limiter.ask(trip, "analyze", per_minute(50), [f"192.0.2.{number}", "user:42"])
            trip.run()
            passed += pending.decide().allowed
        store.close()
        return passed

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(client, range(8))) == 50


def test_a_heavy_request_counts_its_units(valkey):
    assert ask(valkey, "a", weight=2).remaining == 1
    assert not ask(valkey, "a", weight=2).allowed
    assert ask(valkey, "a", weight=1).remaining == 0
