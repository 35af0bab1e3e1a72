"""Calls through a breaker: what counts, what answers instead, who hears of it, and what a hand can do."""

import asyncio
from random import Random

import pytest

from brightspot.resilience import Breaker, Breakers, BreakerSettings, CircuitOpenError


@pytest.fixture
def breakers(clock):
    return Breakers(None, clock, BreakerSettings(threshold=2), Random(7))


@pytest.fixture
def breaker(breakers):
    return Breaker(breakers, "weather_api", counted=(OSError,), excluded=(FileNotFoundError,))


def failing(error):
    def job():
        raise error

    return job


def counts(breaker):
    return breaker.status()["failure_count"], breaker.status()["success_count"]


def test_what_is_counted_is_a_failure_and_what_is_not_means_that_the_callee_answered(breaker):
    for error in (OSError("down"), ValueError("no such place")):
        with pytest.raises(type(error)):
            breaker.call(failing(error))
    assert counts(breaker) == (0, 1)
    with pytest.raises(TimeoutError):
        breaker.call(failing(TimeoutError()))
    assert counts(breaker) == (1, 1)


def test_what_is_excluded_counts_as_nothing_and_gives_a_trial_call_its_place_back(breaker, clock):
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            breaker.call(failing(FileNotFoundError()))
    assert counts(breaker) == (0, 0)
    for _ in range(2):
        with pytest.raises(OSError, match="down"):
            breaker.call(failing(OSError("down")))
    clock.advance(seconds=60)
    for _ in range(5):
        with pytest.raises(FileNotFoundError):
            breaker.call(failing(FileNotFoundError()))
    assert breaker.status()["state"] == "half_open"


def test_a_fallback_answers_a_failed_call_and_one_that_was_not_made(breaker):
    errors = []

    def fallback(error):
        errors.append(type(error))
        return "as of yesterday"

    assert [breaker.call(failing(OSError("down")), fallback) for _ in range(3)] == ["as of yesterday"] * 3
    assert errors == [OSError, OSError, CircuitOpenError]
    breaker.close()
    assert breaker.call(lambda: "fresh", fallback) == "fresh"


@pytest.mark.parametrize("error", [ValueError("mine"), FileNotFoundError("mine")])
def test_a_fallback_hides_no_error_that_is_not_the_callees(breaker, error):
    with pytest.raises(type(error), match="mine"):
        breaker.call(failing(error), lambda _: "hidden")


def test_a_guarded_function_keeps_its_name_and_its_fallback_gets_its_arguments(breaker):
    @breaker.guard(lambda error, zip_code, *, days: f"{zip_code} {days} {type(error).__name__}")
    def forecast(zip_code, *, days):
        raise OSError("down")

    assert forecast.__name__ == "forecast"
    assert forecast("55901", days=3) == "55901 3 OSError"


def test_async_functions_are_guarded_too_with_either_kind_of_fallback(breaker):
    async def yesterday(error, zip_code):
        return f"yesterday {zip_code}"

    @breaker.guard(yesterday)
    async def forecast(zip_code):
        raise OSError("down")

    @breaker.guard()
    async def well():
        return "fresh"

    async def job():
        raise OSError("down")

    async def main():
        return [await well(), await forecast("55901"), await breaker.acall(job, lambda _: "plain")]

    assert asyncio.run(main()) == ["fresh", "yesterday 55901", "plain"]
    assert breaker.status()["state"] == "open"
    with pytest.raises(CircuitOpenError):
        asyncio.run(well())


def test_a_listener_hears_every_transition_until_it_is_told_to_stop(breakers, breaker):
    heard = []
    stop = breakers.listen(lambda transition: heard.append((transition.name, transition.after, transition.reason)))
    breaker.open(30)
    breaker.close()
    stop()
    breaker.open(30)
    assert heard == [("weather_api", "open", "opened by hand"), ("weather_api", "closed", "closed by hand")]


def test_a_listener_that_raises_spoils_neither_the_call_nor_the_others(breakers, breaker, caplog):
    heard = []
    breakers.listen(failing(RuntimeError("listener")))
    breakers.listen(lambda transition: 1 / 0)
    breakers.listen(heard.append)
    for _ in range(2):
        with pytest.raises(OSError, match="down"):
            breaker.call(failing(OSError("down")))
    assert [transition.after for transition in heard] == ["open"]
    assert caplog.messages.count("breaker_listener_failed") == 2


def test_by_hand_it_is_open_for_the_time_told_and_then_tried(breaker, clock):
    breaker.open(90)
    clock.advance(seconds=44.8)
    with pytest.raises(CircuitOpenError, match=r"^weather_api circuit is OPEN\. Retry in 45\.2s$"):
        breaker.call(lambda: "never")
    clock.advance(seconds=45.2)
    assert [breaker.call(lambda: "tried") for _ in range(2)] == ["tried"] * 2
    assert breaker.status()["state"] == "closed"


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), 43_201, float("inf")])
def test_it_cannot_be_held_open_for_ever(breaker, seconds):
    with pytest.raises(ValueError, match="held open"):
        breaker.open(seconds)
