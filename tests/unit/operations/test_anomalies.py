"""Unusual values: found where there are some, and called so no more often by chance than is stated."""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brightspot.operations.trends import anomalies
from tests.unit.operations.series import DAY, daily, poisson, wave

RATE = 0.01  # high enough to be measured in a moment


def measured(make, values, **options):
    """The share of clean values that are called unusual, over about 20,000 of them."""
    runs = math.ceil(20_000 / values)
    found = sum(len(anomalies(make(Random(seed), values), **options)) for seed in range(runs))
    return found / (runs * values)


def gauss(random, length):
    return [random.gauss(10, 2) for _ in range(length)]


def lognormal(random, length):
    return [random.lognormvariate(5, 0.4) for _ in range(length)]


def counts(mean):
    draw = poisson(mean)
    return lambda random, length: [draw(random) for _ in range(length)]


def daily_counts(low, high):
    draws = [poisson(wave(at, (low + high) / 2, (high - low) / 2)) for at in range(DAY)]
    return lambda random, length: [draws[at % DAY](random) for at in range(length)]


@pytest.mark.parametrize("rate", [RATE, 0.001])
@pytest.mark.parametrize(
    ("make", "values", "options"),
    [
        (gauss, 60, {}),
        (gauss, 120, {}),
        (lognormal, 120, {"kind": "ratio"}),
        (daily, 4 * DAY, {"season": DAY}),
        (daily, 14 * DAY, {"season": DAY}),
    ],
    ids=["an hour", "two hours", "durations", "four days", "two weeks"],
)
def test_of_clean_noise_as_much_is_called_unusual_as_is_stated_within_a_factor_of_2(make, values, options, rate):
    assert rate / 2 <= measured(make, values, false_alarms=rate, **options) <= 2 * rate


@pytest.mark.parametrize("rate", [RATE, 0.001])
@pytest.mark.parametrize("mean", [0.1, 0.6, 1, 2, 5, 10, 40])
def test_of_clean_counts_no_more_is_called_unusual_than_is_stated(mean, rate):
    """Less of small ones: of whole numbers few are as rare as wanted, and what their mean is remains in doubt."""
    assert measured(counts(mean), 120, kind="count", false_alarms=rate) <= 1.3 * rate


@pytest.mark.parametrize("days", [4, 14])
@pytest.mark.parametrize(("low", "high"), [(0.2, 2), (2, 10), (20, 200)])
def test_a_daily_rise_of_counts_is_not_called_unusual(low, high, days):
    told = measured(daily_counts(low, high), days * DAY, kind="count", season=DAY, false_alarms=RATE)
    assert told <= 1.3 * RATE


def test_a_daily_peak_is_not_blamed_and_the_same_value_at_night_is():
    values = [20 + Random(at).random() + (80 if at % DAY == 12 else 0) for at in range(7 * DAY)]
    assert anomalies(values, season=DAY) == []
    values[6 * DAY + 3] = 100.0
    (found,) = anomalies(values, season=DAY)
    assert (found.index, found.value, found.direction) == (6 * DAY + 3, 100.0, "high")
    assert found.expected == pytest.approx(20.5, abs=0.5)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("make", "kind", "high", "low"),
    [(gauss, "normal", 25.0, -5.0), (lognormal, "ratio", 1500.0, 15.0), (counts(40), "count", 90, 4)],
)
def test_spikes_and_drops_are_found(make, kind, high, low, seed):
    values = make(Random(seed), 120)
    values[70], values[90] = high, low
    found = {each.index: each for each in anomalies(values, kind=kind)}
    assert {(found[at].value, found[at].direction) for at in (70, 90)} == {(high, "high"), (low, "low")}
    assert found[70].score > 3
    assert found[90].score < -3
    assert len(found) <= 3


def test_a_shift_of_level_is_found_from_its_first_value_on():
    values = gauss(Random(1), 120)
    values[100:] = [value + 20 for value in values[100:]]
    assert [each.index for each in anomalies(values)] == list(range(100, 120))


def test_failures_where_there_are_none_are_found_when_they_are_more_than_a_few():
    quiet = [0] * 119
    assert anomalies([*quiet, 3], kind="count") == []
    (found,) = anomalies([*quiet, 8], kind="count")
    assert (found.index, found.expected, found.direction) == (119, 0, "high")


def test_one_outlier_does_not_make_the_others_of_its_hour_unusual():
    values = [10 + Random(at).random() for at in range(4 * DAY)]
    values[DAY + 5] = 500.0
    assert [each.index for each in anomalies(values, season=DAY)] == [DAY + 5]


def test_counts_that_vary_more_are_allowed_more():
    """Each minute has a mean of its own, between 20 and 80."""
    draws = {mean: poisson(mean) for mean in range(20, 81, 5)}

    def make(random, length):
        return [draws[random.choice([*draws])](random) for _ in range(length)]

    assert measured(make, 120, kind="count", false_alarms=RATE) <= 1.3 * RATE


def test_only_the_last_are_told_against_all():
    values = gauss(Random(1), 120)
    values[10] = values[115] = 100.0
    assert [each.index for each in anomalies(values, last=30)] == [115]
    assert anomalies(values, last=0) == []


def test_a_gap_is_no_value():
    values = [None, *gauss(Random(1), 60), None]
    values[31] = None
    assert anomalies(values) == []
    values[40] = 100.0
    assert [each.index for each in anomalies(values)] == [40]


def test_what_hardly_differs_is_not_told_below_the_floor():
    values = [100.0] * 59 + [101.0]
    (found,) = anomalies(values)
    assert (found.index, found.score) == (59, 1000.0)
    assert anomalies(values, floor=1.0) == []


@pytest.mark.parametrize(("values", "season"), [([1.0] * 29, None), ([None] * 50, None), ([1.0] * (4 * DAY - 1), DAY)])
def test_of_too_few_nothing_is_said(values, season):
    assert anomalies(values, season=season) is None


@pytest.mark.parametrize(
    "options", [{"false_alarms": 0}, {"false_alarms": 1}, {"kind": "count"}, {"kind": "ratio"}], ids=str
)
def test_what_cannot_be_is_refused(options):
    with pytest.raises(ValueError, match=r"rate|kind"):
        anomalies([-1.0] * 50, **options)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.none() | st.integers(0, 10**6), min_size=30, max_size=80),
    st.sampled_from(["normal", "count"]),
    st.sampled_from([None, 7]),
    st.sampled_from([0.1, 0.001]),
)
def test_whatever_the_series_is_each_is_told_once_and_on_its_side(values, kind, season, rate):
    found = anomalies(values, kind=kind, season=season, false_alarms=rate) or []
    assert [each.index for each in found] == sorted({each.index for each in found})
    for each in found:
        assert each.value == values[each.index]
        assert (each.value > each.expected) is (each.direction == "high") is (each.score > 0)
        assert math.isfinite(each.score)


def test_counts_that_are_more_spread_out_than_they_are_large_have_nothing_unusual_near_their_median():
    values = [0, *[None] * 4, 77, 81, 7021, 696, 6935, 0, None, None, 0, 7031, *[None] * 3, 0, 0, 0, 7191, 711, 0, 0]
    values += [None, None, 0, 0, 3020, 7697, None, *[0] * 10]
    found = anomalies(values, kind="count", season=7, false_alarms=0.1) or []
    assert 711 not in {each.value for each in found}
