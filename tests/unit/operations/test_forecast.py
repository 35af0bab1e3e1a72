"""Forecasts: intervals hold what they say, the best method is found, and no error is told of what was learnt from."""

from itertools import pairwise
from random import Random
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brightspot.operations.trends import forecast, needed
from tests.unit.operations.series import daily, daily_counts, daily_trend, noise, shift, trend, walk, weekly


def judged(make, known, steps, season, level=0.8):
    """Of many seeded runs: the share of later values inside their intervals, and the errors told and made."""
    inside, told, made = [], [], []
    for seed in range(20 if season == 24 else 80):
        values = make(Random(seed), known + steps)
        made_of = forecast(values[:known], steps, season=season, level=level)
        later = list(zip(values[known:], made_of.points, strict=True))
        inside += [point.low <= value <= point.high for value, point in later]
        told.append(made_of.backtest.mae)
        made.append(fmean(abs(value - point.expected) for value, point in later))
    return fmean(inside), fmean(told), fmean(made)


@pytest.mark.parametrize(
    ("make", "known", "steps", "season"),
    [
        (noise, 96, 24, 24), (daily, 96, 24, 24), (daily_trend, 120, 24, 24), (daily_counts, 120, 24, 24),
        (noise, 40, 7, None), (trend, 40, 7, None), (weekly, 35, 7, 7),
    ],
)  # fmt: skip
def test_an_interval_of_80_percent_holds_80_percent_within_8_points(make, known, steps, season):
    coverage, told, made = judged(make, known, steps, season)
    assert 0.72 <= coverage <= 0.88
    assert told == pytest.approx(made, rel=0.3)


def test_an_interval_of_95_percent_is_wider():
    coverage, _, _ = judged(daily, 120, 24, 24, level=0.95)
    assert 0.91 <= coverage <= 0.99


def test_after_a_shift_of_level_intervals_are_rather_too_wide():
    coverage, _, _ = judged(shift, 120, 24, 24)
    assert 0.8 <= coverage <= 1.0


def test_of_a_random_walk_as_long_as_this_intervals_are_rather_too_narrow():
    """Errors of neighbouring origins are nearly the same ones: docs/performance.md says so."""
    coverage, _, _ = judged(walk, 120, 24, 24)
    assert 0.65 <= coverage <= 0.86


@pytest.mark.parametrize(
    ("make", "season", "method"),
    [
        (walk, None, "naive"),
        (daily, 24, "Holt-Winters, no trend"),
        (daily_trend, 24, "Holt-Winters, damped trend"),
    ],
)
def test_the_method_that_was_best_is_mostly_the_one_that_fits(make, season, method):
    chosen = [forecast(make(Random(seed), 240), 12, season=season).method for seed in range(9)]
    assert chosen.count(method) > 4


def test_a_season_that_returns_exactly_is_carried_on_by_the_naive_way():
    told = forecast([float(at % 7) for at in range(60)], 7, season=7)
    assert told.method == "seasonal naive"
    assert [point.expected for point in told.points] == [float(at % 7) for at in range(60, 67)]
    assert told.backtest.mae == 0


def test_a_constant_is_carried_on_without_doubt():
    told = forecast([5.0] * 40, 5)
    assert (told.method, told.backtest.mae, told.backtest.mape, told.backtest.coverage) == ("naive", 0, 0, 1)
    assert {(point.low, point.expected, point.high) for point in told.points} == {(5.0, 5.0, 5.0)}


def test_what_was_never_negative_is_not_said_to_become_so():
    falling = [max(0.0, 100 - 3 * at) + Random(at).random() for at in range(60)]
    assert min(point.low for point in forecast(falling, 10).points) >= 0
    assert min(point.low for point in forecast(falling, 10, non_negative=False).points) < 0
    assert min(point.low for point in forecast([value - 50 for value in falling], 10).points) < 0


def test_intervals_never_narrow_with_distance():
    told = forecast(daily(Random(1), 200), 24, season=24)
    widths = [point.high - point.expected for point in told.points]
    assert all(later >= width - 1e-9 for width, later in pairwise(widths))


def test_the_share_of_error_is_unknown_where_something_was_0():
    assert forecast([float(at % 3) for at in range(60)], 6, season=3).backtest.mape is None
    assert forecast(noise(Random(1), 60), 6).backtest.mape == pytest.approx(4.5, abs=1.5)


def test_a_fold_knows_nothing_of_what_comes_after_it():
    """What comes last changes what is said of it, and nothing that was said before: the error grows by that alone."""
    values = noise(Random(3), 60)
    calm, mad = forecast(values, 6), forecast([*values[:-1], values[-1] + 1000], 6)
    held_out = calm.backtest.folds * 6 - 15  # the last origins do not see as far
    grown = (mad.backtest.mae - calm.backtest.mae) * held_out / 6
    assert 900 <= grown <= 1300


@pytest.mark.parametrize(("steps", "season", "level"), [(7, None, 0.8), (24, 24, 0.8), (5, 7, 0.95), (1, None, 0.5)])
def test_with_one_value_too_few_there_is_none(steps, season, level):
    fewest = needed(steps, season, level)
    values = noise(Random(0), fewest)
    assert forecast(values[1:], steps, season=season, level=level) is None
    told = forecast(values, steps, season=season, level=level)
    assert (len(told.points), told.level) == (steps, level)
    assert told.backtest.folds > 0


def test_three_days_are_too_few_for_the_next_and_four_are_not():
    assert needed(24, 24) == 96


@pytest.mark.parametrize(("steps", "season", "level"), [(0, None, 0.8), (3, 1, 0.8), (3, None, 0), (3, None, 1)])
def test_what_cannot_be_is_refused(steps, season, level):
    with pytest.raises(ValueError, match="no forecast"):
        forecast([1.0] * 100, steps, season=season, level=level)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=25, max_size=60),
    st.integers(1, 6),
    st.sampled_from([None, 2, 5]),
    st.sampled_from([0.5, 0.8]),
)
def test_whatever_the_history_is_an_interval_is_around_what_is_expected(values, steps, season, level):
    told = forecast(values, steps, season=season, level=level)
    if told is None:
        assert len(values) < needed(steps, season, level)
        return
    assert len(told.points) == steps
    assert all(point.low <= point.expected <= point.high for point in told.points)
    assert 0 <= told.backtest.coverage <= 1
