"""The exact sliding log on a real server."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.core.clock import SystemClock
from brightspot.ratelimit.asked import LOG
from brightspot.valkey import ValkeySettings, connect

KEY = "bs:ratelimit:{p:a}:log"
SECOND = 1_000_000
_names = count()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(1, 6),
    st.lists(
        st.tuples(st.sampled_from([0, 1, 400_000, 500_000, SECOND - 1, SECOND, 3 * SECOND]), st.integers(1, 6)),
        max_size=30,
    ),
)
def test_the_script_does_what_a_plain_model_does(valkey, told_the_time, epoch, most, requests):
    script, key, now, passed = told_the_time(LOG), f"{KEY}:{next(_names)}", epoch, []
    for pause, units in requests:
        now, weight = now + pause, min(units, most)
        allowed, left, wait, at = valkey.run(script, [key], [most, SECOND, weight, now])
        in_window = sorted(each for each in passed if each > now - SECOND)
        fits = len(in_window) + weight <= most
        if fits:
            passed += [now] * weight
            expected = [1, most - len(in_window) - weight, (in_window or [now])[0] + SECOND - now, now]
        else:
            freed = in_window[len(in_window) + weight - most - 1]
            expected = [0, most - len(in_window), freed + SECOND - now, now]
        assert [allowed, left, wait, at] == expected
        assert valkey.call("LLEN", key) <= most


def test_whoever_waits_as_told_passes_and_not_a_microsecond_sooner(valkey, told_the_time, epoch):
    script = told_the_time(LOG)
    for at in (0, 300_000, 600_000):
        valkey.run(script, [KEY], [3, SECOND, 1, epoch + at])
    wait = valkey.run(script, [KEY], [3, SECOND, 2, epoch + 700_000])[2]
    assert wait == 600_000
    assert valkey.run(script, [KEY], [3, SECOND, 2, epoch + 700_000 + wait - 1])[0] == 0
    assert valkey.run(script, [KEY], [3, SECOND, 2, epoch + 700_000 + wait])[0] == 1


def test_a_clock_that_steps_back_a_little_lets_nothing_more_through(valkey, told_the_time, epoch):
    script = told_the_time(LOG)
    assert [valkey.run(script, [KEY], [2, SECOND, 1, epoch - step])[0] for step in (0, 1000, 2000)] == [1, 1, 0]


def test_a_clock_that_steps_back_far_locks_nobody_out(valkey, told_the_time, epoch):
    script = told_the_time(LOG)
    assert [valkey.run(script, [KEY], [1, SECOND, 1, epoch - step])[0] for step in (0, 3600 * SECOND)] == [1, 1]


def test_a_limit_that_was_lowered_holds_at_once(valkey, told_the_time, epoch):
    script = told_the_time(LOG)
    valkey.run(script, [KEY], [5, SECOND, 5, epoch])
    assert valkey.run(script, [KEY], [2, SECOND, 1, epoch + 10]) == [0, 0, SECOND - 10, epoch + 10]


def test_a_log_lives_one_window_and_a_refusal_does_not_prolong_it(valkey):
    valkey.run(LOG, [KEY], [1, 60 * SECOND, 1])
    first = valkey.call("PEXPIRETIME", KEY)
    assert 59_000 < valkey.call("PTTL", KEY) <= 60_002
    assert valkey.run(LOG, [KEY], [1, 60 * SECOND, 1])[0] == 0
    assert valkey.call("PEXPIRETIME", KEY) == first
    valkey.run(LOG, [f"{KEY}:short"], [1, SECOND // 20, 1])
    time.sleep(0.1)
    assert valkey.call("EXISTS", f"{KEY}:short") == 0


def test_memory_is_bounded_by_the_limit(valkey):
    for _ in range(300):
        valkey.run(LOG, [KEY], [100, 60 * SECOND, 1])
    assert valkey.call("LLEN", KEY) == 100
    assert valkey.call("MEMORY", "USAGE", KEY) < 2500


def test_a_server_that_restarts_empty_counts_from_zero(valkey):
    assert [valkey.run(LOG, [KEY], [1, 60 * SECOND, 1])[0] for _ in range(2)] == [1, 0]
    valkey.call("FLUSHALL")
    valkey.call("SCRIPT", "FLUSH")
    assert valkey.run(LOG, [KEY], [1, 60 * SECOND, 1])[0] == 1


def hammer(url, window, seconds):
    """One instance that asks as fast as it can; the server's times of its requests that passed."""
    store = connect(ValkeySettings(url=url, read_ms=5000), SystemClock())
    passed, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        allowed, _, _, at = store.run(LOG, [KEY], [20, window, 1])
        if allowed:
            passed.append(at)
    store.close()
    return passed


@pytest.mark.parametrize(
    ("window", "seconds", "least", "most"), [(60 * SECOND, 0.4, 20, 20), (SECOND // 4, 1.1, 40, 100)]
)
def test_n_pass_in_a_window_and_never_one_more_under_eight_clients(valkey_url, window, seconds, least, most):
    with ThreadPoolExecutor(8) as pool:
        times = pool.map(hammer, [valkey_url] * 8, [window] * 8, [seconds] * 8)
    passed = sorted(at for each in times for at in each)
    assert least <= len(passed) <= most
    # At most 20 in any window: the 21st after each comes no sooner than a window later.
    assert all(later - sooner >= window for sooner, later in zip(passed, passed[20:], strict=False))
