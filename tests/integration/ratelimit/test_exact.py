"""The guarantees: exactly N of a burst over processes, and what any 60 seconds of a long hammering let through."""

from random import Random

import pytest

from brightspot.core.clock import SystemClock
from brightspot.ratelimit import Limit, Limiter, Quota, headers
from brightspot.ratelimit.asked import GCRA, LOG
from brightspot.ratelimit.decision import Count, Told, strictest
from tests.integration.ratelimit.processes import passed_of

SECOND = 1_000_000
MINUTE = 60 * SECOND
FIVE_MINUTES = 5 * MINUTE
N = 100


@pytest.mark.parametrize("algorithm", ["log", "gcra"])
def test_of_200_calls_at_once_from_4_processes_exactly_n_pass(valkey_url, algorithm):
    assert passed_of(valkey_url, algorithm, N, processes=4, calls=50) == N


def hammering(seed):
    """The microseconds of thousands of calls over five minutes: bursts, lulls and everything between."""
    random, at = Random(seed), 0
    while at < FIVE_MINUTES:
        yield at
        at += random.choice([0, 1, random.randrange(50_000), random.randrange(150_000), random.randrange(SECOND // 2)])
        if random.random() < 0.0005:
            at += random.randrange(MINUTE)


def most_in_a_window(times, window):
    """The most of sorted `times` that any half-open window holds."""
    most, first = 0, 0
    for last, at in enumerate(times):
        while times[first] + window <= at:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize("seed", range(3))
def test_in_no_60_seconds_of_5_minutes_do_more_than_n_pass_and_whatever_fits_does(valkey, told_the_time, epoch, seed):
    script, key, passed = told_the_time(LOG), f"bs:ratelimit:{{p:{seed}}}:log", []
    calls = [epoch + at for at in hammering(seed)]
    for now in calls:
        in_window = sum(1 for each in reversed(passed[-N:]) if each > now - MINUTE)
        allowed = valkey.run(script, [key], [N, MINUTE, 1, now])[0]
        assert bool(allowed) == (in_window < N)
        if allowed:
            passed.append(now)
    assert len(calls) > 2000
    assert len(passed) < len(calls)
    assert most_in_a_window(passed, MINUTE) == N


@pytest.mark.parametrize("seed", range(3))
def test_the_smoothing_one_lets_at_most_2n_minus_1_through_in_any_60_seconds(valkey, told_the_time, epoch, seed):
    script, key = told_the_time(GCRA), f"bs:ratelimit:{{p:{seed}}}:gcra"
    calls = [epoch + at for at in hammering(seed)]
    passed = [now for now in calls if valkey.run(script, [key], [N, MINUTE, 1, now])[0]]
    assert len(calls) > 2000
    assert N < most_in_a_window(passed, MINUTE) <= 2 * N - 1
    for stretch in (SECOND, 10 * SECOND, MINUTE, FIVE_MINUTES):
        assert most_in_a_window(passed, stretch) <= N + stretch * N / MINUTE


def test_that_bound_is_met_by_whoever_takes_all_at_once_and_then_each_unit_as_it_comes(valkey, told_the_time, epoch):
    script, unit = told_the_time(GCRA), MINUTE // N
    times = [epoch] * N + [epoch + number * unit for number in range(1, N + 1)]
    passed = [now for now in times if valkey.run(script, ["bs:ratelimit:{p:a}:gcra"], [N, MINUTE, 1, now])[0]]
    assert len(passed) == 2 * N
    assert most_in_a_window(passed, MINUTE) == 2 * N - 1


@pytest.mark.parametrize("script", [LOG, GCRA], ids=["log", "gcra"])
@pytest.mark.parametrize("seed", range(20))
def test_whoever_comes_back_when_retry_after_says_passes(valkey, told_the_time, epoch, script, seed):
    random, now = Random(seed), epoch + Random(seed).randrange(SECOND)
    told, key, most = told_the_time(script), f"bs:ratelimit:{{p:{seed}}}:x", random.randint(1, 7)
    limit = Limit(most, 60)
    refused = 0
    while refused < 5:
        weight = random.randint(1, most)
        allowed, left, wait, at = valkey.run(told, [key], [most, MINUTE, weight, now])
        if not allowed:
            refused += 1
            fields = headers(strictest([Told("p", limit, Count(False, left, wait, at))]))
            seconds = int(fields["Retry-After"])
            assert wait <= seconds * SECOND < wait + SECOND
            assert int(fields["X-RateLimit-Reset"]) * SECOND >= now + wait
            now += seconds * SECOND
            assert valkey.run(told, [key], [most, MINUTE, weight, now])[0] == 1
        now += random.randrange(20 * SECOND)


@pytest.mark.parametrize("algorithm", ["log", "gcra"])
def test_every_key_that_limiting_leaves_expires_and_stays_small(valkey, algorithm):
    limiter = Limiter(valkey, SystemClock())
    for number in range(300):
        trip = valkey.trip()
        pending = limiter.ask_all(
            trip, [Quota("p", Limit(N, 60, algorithm), "a"), Quota("p-user", Limit(2, 60, algorithm), f"{number % 5}")]
        )
        trip.run()
        pending.decide()
    keys = valkey.call("SCAN", 0, "COUNT", 1000)[1]
    assert len(keys) == 6
    assert all(0 < valkey.call("PTTL", key) <= 60_002 for key in keys)
    assert all(valkey.call("MEMORY", "USAGE", key) < (2500 if algorithm == "log" else 200) for key in keys)
