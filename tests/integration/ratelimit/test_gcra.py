"""The smoothing limit on a real server: its rate, its burst and its bound."""

from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brightspot.ratelimit.asked import GCRA

KEY = "bs:ratelimit:{p:a}:gcra"
SECOND = 1_000_000
_names = count()


def test_after_a_rest_the_whole_count_passes_then_one_per_interval(valkey, told_the_time, epoch):
    script = told_the_time(GCRA)
    answers = [valkey.run(script, [KEY], [4, SECOND, 1, epoch]) for _ in range(5)]
    assert [each[0] for each in answers] == [1, 1, 1, 1, 0]
    assert [each[1] for each in answers] == [3, 2, 1, 0, 0]
    assert answers[-1][2] == SECOND // 4
    later = [valkey.run(script, [KEY], [4, SECOND, 1, epoch + at])[0] for at in (249_999, 250_000, 250_001, 500_000)]
    assert later == [0, 1, 0, 1]


def test_an_interval_that_is_no_whole_microsecond_is_rounded_to_the_strict_side(valkey, told_the_time, epoch):
    script = told_the_time(GCRA)
    assert valkey.run(script, [KEY], [7, SECOND, 7, epoch])[0] == 1
    assert [valkey.run(script, [KEY], [7, SECOND, 1, epoch + at])[0] for at in (142_857, 142_858)] == [0, 1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(1, 7),
    st.lists(st.tuples(st.integers(0, SECOND // 3), st.integers(1, 3)), max_size=40),
)
def test_any_stretch_lets_at_most_the_burst_plus_its_share_through(valkey, told_the_time, epoch, most, requests):
    script, key, now, passed = told_the_time(GCRA), f"{KEY}:{next(_names)}", epoch, []
    for pause, units in requests:
        now, weight = now + pause, min(units, most)
        allowed, left, wait, _ = valkey.run(script, [key], [most, SECOND, weight, now])
        assert 0 <= left <= most
        if allowed:
            passed += [now] * weight
        else:
            assert wait > 0
    for first, start in enumerate(passed):
        for last in range(first, len(passed)):
            assert last - first + 1 <= most + (passed[last] - start) * most / SECOND


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 7), st.lists(st.integers(0, SECOND // 3), min_size=1, max_size=20))
def test_whoever_waits_as_told_passes_and_not_a_microsecond_sooner(valkey, told_the_time, epoch, most, pauses):
    script, key, now = told_the_time(GCRA), f"{KEY}:{next(_names)}", epoch
    for pause in pauses:
        now += pause
        allowed, _, wait, _ = valkey.run(script, [key], [most, SECOND, 1, now])
        if not allowed:
            assert valkey.run(script, [key], [most, SECOND, 1, now + wait - 1])[0] == 0
            now += wait
            assert valkey.run(script, [key], [most, SECOND, 1, now])[0] == 1


def test_what_is_given_back_can_be_taken_again_and_leaves_nothing_behind(valkey, told_the_time, epoch):
    script = told_the_time(GCRA)
    valkey.run(script, [KEY], [4, SECOND, 3, epoch])
    assert valkey.run(script, [KEY], [4, SECOND, -2, epoch])[1] == 3
    valkey.run(script, [KEY], [4, SECOND, -1, epoch])
    assert valkey.call("EXISTS", KEY) == 0
    assert valkey.run(script, [KEY], [4, SECOND, 4, epoch])[0] == 1


def test_its_key_lives_until_all_is_paid_back(valkey):
    valkey.run(GCRA, [KEY], [60, 60 * SECOND, 5])
    assert 4_000 < valkey.call("PTTL", KEY) <= 5_002


def test_a_clock_that_steps_back_locks_nobody_out(valkey, told_the_time, epoch):
    script = told_the_time(GCRA)
    valkey.run(script, [KEY], [4, SECOND, 4, epoch])
    assert valkey.run(script, [KEY], [4, SECOND, 1, epoch - 3600 * SECOND])[2] == SECOND // 4
