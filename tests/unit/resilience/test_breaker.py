"""Breakers of one process, in code and in the log."""

import asyncio
from random import Random

import pytest

from brightspot.core.settings import load
from brightspot.resilience import (
    Breaker,
    Breakers,
    BreakerSettings,
    CircuitOpenError,
    Transition,
    get_all_breakers_status,
    get_circuit_breaker,
    shared_breakers,
)


@pytest.fixture
def breakers(clock):
    return Breakers(None, clock, BreakerSettings(), Random(7))


@pytest.fixture
def _fresh(monkeypatch):
    for variable in ("REDIS_URL", "REDIS_HOST"):
        monkeypatch.delenv(variable, raising=False)
    from brightspot.valkey import shared_valkey

    shared_valkey.cache_clear()
    shared_breakers.cache_clear()
    yield
    shared_valkey.cache_clear()
    shared_breakers.cache_clear()


def fail(breakers, times, name="weather_api"):
    for _ in range(times):
        breakers.permit(name)
        breakers.report(None, {name: "failed"})


def test_an_open_circuit_says_when_to_retry(breakers, clock):
    fail(breakers, 5)
    clock.advance(seconds=14.8)
    with pytest.raises(CircuitOpenError) as caught:
        breakers.permit("weather_api")
    assert str(caught.value) == "weather_api circuit is OPEN. Retry in 45.2s"
    assert (caught.value.name, caught.value.state) == ("weather_api", "open")
    assert caught.value.retry_after_seconds == pytest.approx(45.2)


def test_failures_and_transitions_are_logged_in_stable_words(breakers, clock, caplog):
    caplog.set_level("INFO")
    fail(breakers, 5)
    clock.advance(seconds=60)
    for _ in range(2):
        breakers.permit("weather_api")
        breakers.report(None, {"weather_api": "ok"})
    assert caplog.messages == [
        *(f"weather_api: Failure {count}/5" for count in range(1, 6)),
        "weather_api: CLOSED → OPEN (threshold reached)",
        "weather_api: OPEN → HALF_OPEN (timeout over)",
        "weather_api: HALF_OPEN → CLOSED (2 trial calls succeeded)",
    ]
    assert caplog.records[2].failures == 3
    assert caplog.records[5].state_after == "open"


def test_whoever_watches_sees_every_transition(clock):
    seen = []
    breakers = Breakers(None, clock, BreakerSettings(threshold=1), Random(7), seen.append)
    fail(breakers, 1)
    breakers.reset()
    assert seen == [
        Transition("weather_api", "closed", "open", "threshold reached"),
        Transition("weather_api", "open", "closed", "reset"),
    ]


def test_half_open_lets_two_calls_through_and_says_so_to_the_third(breakers, clock):
    fail(breakers, 5)
    clock.advance(seconds=60)
    breakers.permit("weather_api")
    breakers.permit("weather_api")
    with pytest.raises(CircuitOpenError, match=r"weather_api circuit is HALF_OPEN\. Retry in 30\.0s"):
        breakers.permit("weather_api")


def test_the_status_tells_counts_and_time_in_state(breakers, clock):
    fail(breakers, 2)
    breakers.report(None, {"economy": "ok"})
    clock.advance(seconds=2.5)
    assert breakers.status(["safety"]) == {
        "economy": status("economy", successes=1, seconds=2.5),
        "safety": status("safety", seconds=None),
        "weather_api": status("weather_api", failures=2, seconds=2.5),
    }


def status(name, failures=0, successes=0, seconds=0.0):
    return {
        "name": name,
        "state": "closed",
        "failure_count": failures,
        "success_count": successes,
        "seconds_in_state": seconds,
    }


def test_an_open_breaker_whose_time_is_over_is_told_as_half_open(breakers, clock):
    fail(breakers, 5)
    clock.advance(seconds=61)
    assert breakers.status()["weather_api"]["state"] == "half_open"
    assert breakers.status()["weather_api"]["seconds_in_state"] == 1.0


def test_how_long_a_breaker_is_open_includes_its_trial_calls_and_reopening(breakers, clock):
    assert breakers.longest_open_seconds() == 0
    fail(breakers, 5)
    clock.advance(seconds=60)
    assert breakers.longest_open_seconds() == 60
    breakers.permit("weather_api")
    fail(breakers, 1)
    assert breakers.status()["weather_api"]["seconds_in_state"] == 0
    clock.advance(seconds=300)
    fail(breakers, 5, "economy")
    assert breakers.longest_open_seconds() == 360


def test_a_breaker_that_closed_is_open_no_more(breakers, clock):
    fail(breakers, 5)
    clock.advance(seconds=60)
    for _ in range(2):
        breakers.permit("weather_api")
        breakers.report(None, {"weather_api": "ok"})
    assert breakers.longest_open_seconds() == 0
    fail(breakers, 5)
    clock.advance(seconds=1)
    assert breakers.longest_open_seconds() == 1


def test_reset_closes_one_or_all_and_names_them(breakers):
    fail(breakers, 5)
    fail(breakers, 5, "economy")
    assert breakers.reset("nobody") == []
    assert breakers.reset("economy") == ["economy"]
    breakers.permit("economy")
    assert breakers.reset() == ["economy", "weather_api"]
    breakers.permit("weather_api")


def test_leaving_a_guarded_block_reports_what_became_of_the_call(breakers):
    breaker = Breaker(breakers, "weather_api")
    with breaker:
        pass
    for error in (OSError, TimeoutError):
        with pytest.raises(error), breaker:
            raise error
    with pytest.raises(KeyboardInterrupt), breaker:
        raise KeyboardInterrupt
    assert (breaker.status()["failure_count"], breaker.status()["success_count"]) == (2, 1)


def test_a_guarded_block_of_an_open_breaker_is_not_entered(breakers):
    breaker, ran = Breaker(breakers, "weather_api"), []
    fail(breakers, 5)
    with pytest.raises(CircuitOpenError), breaker:
        ran.append(True)
    assert ran == []
    breaker.reset()
    with breaker:
        ran.append(True)
    assert ran == [True]


def test_a_trial_call_in_a_guarded_block_keeps_its_own_lease(breakers, clock):
    breaker = Breaker(breakers, "weather_api")
    fail(breakers, 5)
    clock.advance(seconds=60)
    with breaker, breaker:
        pass
    assert breaker.status()["state"] == "closed"


def test_a_cancelled_trial_call_gives_its_place_back(breakers, clock):
    breaker = Breaker(breakers, "weather_api")
    fail(breakers, 5)
    clock.advance(seconds=60)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt), breaker:
            raise KeyboardInterrupt
    assert breaker.status()["state"] == "half_open"


def test_async_blocks_are_guarded_too_and_each_task_by_itself(breakers):
    breaker = Breaker(breakers, "weather_api")

    async def call(number):
        async with breaker:
            await asyncio.sleep(0)
            if number % 2:
                raise OSError

    async def main():
        return await asyncio.gather(*(call(number) for number in range(6)), return_exceptions=True)

    assert [type(each) for each in asyncio.run(main())] == [type(None), OSError] * 3
    assert breaker.status()["success_count"] == 3


@pytest.mark.parametrize("name", ["", "a b", "a}b", "x" * 65])
def test_a_name_that_no_key_can_hold_is_refused(breakers, name):
    with pytest.raises(ValueError, match="name for a breaker"):
        breakers.permit(name)


def test_names_are_bounded(breakers):
    for number in range(256):
        breakers.permit(f"n{number}")
    with pytest.raises(ValueError, match="in use"):
        breakers.permit("one_more")


@pytest.mark.parametrize(("threshold", "timeout"), [(0, None), (None, 0), (None, -1), (None, 3601)])
def test_rules_that_cannot_hold_are_refused(breakers, threshold, timeout):
    with pytest.raises(ValueError, match="cannot open"):
        breakers.configure("weather_api", failure_threshold=threshold, timeout=timeout)


@pytest.mark.usefixtures("_fresh")
def test_the_breaker_of_the_guide_is_made_by_name_and_keeps_its_rules():
    breaker = get_circuit_breaker("weather_api", failure_threshold=2, timeout=30.0)
    for _ in range(2):
        with pytest.raises(OSError, match="down"), breaker:
            raise OSError("down")
    with pytest.raises(CircuitOpenError, match=r"Retry in (30\.0|29\.\d)s"), get_circuit_breaker("weather_api"):
        pass
    assert get_all_breakers_status()["weather_api"]["state"] == "open"


def test_settings_have_the_names_of_the_documents():
    told = load(BreakerSettings, {"CIRCUIT_BREAKER_THRESHOLD": "7", "CIRCUIT_BREAKER_TIMEOUT": "900000"})
    assert (told.threshold, told.timeout_ms, told.longest_ms) == (7, 900_000, 900_000)
    assert (BreakerSettings().threshold, BreakerSettings().timeout_ms) == (5, 60_000)
