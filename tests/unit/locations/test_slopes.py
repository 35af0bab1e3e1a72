"""The slope of a series of scores: what moves it, and what does not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brightspot.locations.past.slopes import (
    MOST_PAIRED,
    Sample,
    _evenly,
    change,
    percent_change,
    robust_slope,
    samples,
    slope,
)

days = st.integers(0, 3650 * 24).map(lambda hours: hours / 24)
scores = st.integers(0, 10_000).map(lambda each: each / 100)
series = st.lists(st.builds(Sample, days, scores), min_size=2, max_size=40).filter(
    lambda each: len({one.day for one in each}) > 1
)
both = pytest.mark.parametrize("steepness", [slope, robust_slope])


def about(value):
    return pytest.approx(value, rel=1e-6, abs=1e-9)


@both
@given(each=series, by=st.floats(-500, 500))
def test_higher_scores_throughout_rise_no_faster(steepness, each, by):
    assert steepness([Sample(day, score + by) for day, score in each]) == about(steepness(each))


@both
@given(each=series, times=st.floats(-20, 20))
def test_scores_times_as_high_rise_times_as_fast(steepness, each, times):
    assert steepness([Sample(day, score * times) for day, score in each]) == about(steepness(each) * times)


@both
@given(each=series, by=st.integers(-3650, 3650))
def test_it_does_not_matter_when_it_was(steepness, each, by):
    assert steepness([Sample(day + by, score) for day, score in each]) == about(steepness(each))


@both
@given(each=series, times=st.integers(2, 50))
def test_what_takes_times_as_long_is_so_many_times_flatter(steepness, each, times):
    assert steepness([Sample(day * times, score) for day, score in each]) * times == about(steepness(each))


@both
@given(each=series)
def test_backwards_it_falls_as_fast_as_it_rose(steepness, each):
    assert steepness([Sample(-day, score) for day, score in each]) == about(-steepness(each))


@both
@given(each=series, data=st.data())
def test_the_order_of_the_scores_changes_nothing(steepness, each, data):
    assert steepness(data.draw(st.permutations(each))) == about(steepness(each))


@both
@given(
    start=scores,
    daily=st.floats(-5, 5),
    on=st.lists(days, min_size=2, max_size=300, unique=True),
)
def test_a_straight_line_has_its_own_slope(steepness, start, daily, on):
    assert steepness([Sample(day, start + daily * day) for day in on]) == about(daily)


@given(each=series)
def test_least_squares_leaves_no_trend_behind(each):
    found = slope(each)
    mean_day = sum(one.day for one in each) / len(each)
    rest = [(one.day - mean_day, one.score - found * one.day) for one in each]
    assert sum(day * score for day, score in rest) == pytest.approx(0, abs=1e-3)


@given(
    daily=st.integers(-50, 50).map(lambda each: each / 10),
    count=st.integers(8, 60),
    data=st.data(),
)
def test_a_quarter_of_odd_values_leaves_the_robust_slope_as_it_was(daily, count, data):
    line = [Sample(float(day), 50 + daily * day) for day in range(count)]
    odd = data.draw(st.sets(st.integers(0, count - 1), max_size=count // 4))
    good = count - len(odd)
    assume(good * (good - 1) > count * (count - 1) / 2)
    spoilt = [Sample(each.day, data.draw(scores)) if at in odd else each for at, each in enumerate(line)]
    assert robust_slope(spoilt) == about(daily)


def test_one_odd_value_moves_the_slope_and_not_the_robust_one():
    line = [Sample(float(day), 50 + day) for day in range(9)] + [Sample(9.0, 0.0)]
    assert robust_slope(line) == 1.0
    assert slope(line) < 0


@both
def test_the_known_slope_of_three_scores(steepness):
    assert steepness([Sample(0, 80.0), Sample(7, 83.5), Sample(14, 87.0)]) == about(0.5)


def test_long_series_are_paired_in_part_from_first_to_last():
    taken = [Sample(float(day), 50.0) for day in range(1000)]
    taken[0], taken[-1] = Sample(0.0, 49.0), Sample(999.0, 51.0)
    picked = _evenly(taken, MOST_PAIRED)
    assert (len(picked), picked[0], picked[-1]) == (MOST_PAIRED, taken[0], taken[-1])
    assert len(set(picked)) == MOST_PAIRED
    assert robust_slope(taken) == 0


@pytest.mark.parametrize("figure", [slope, robust_slope, change, percent_change])
@pytest.mark.parametrize("each", [[], [Sample(1, 80.0)], [Sample(1, 80.0), Sample(1, 90.0)]])
def test_without_two_times_there_is_no_figure(figure, each):
    assert figure(each) is None


def test_change_is_last_less_first_in_points_and_in_percent():
    each = [Sample(0, 80.0), Sample(1, 10.0), Sample(2, 84.0)]
    assert (change(each), percent_change(each)) == (4.0, 5.0)


def test_from_a_score_of_nothing_there_is_no_percentage():
    each = [Sample(0, 0.0), Sample(1, 10.0)]
    assert (change(each), percent_change(each)) == (10.0, None)


@given(at=st.datetimes(timezones=st.just(UTC)), hours=st.integers(1, 24 * 3650))
def test_days_count_from_the_first_score(at, hours):
    later = min(at + timedelta(hours=hours), datetime.max.replace(tzinfo=UTC)) if at.year < 9980 else at
    assume(later > at)
    first, second = samples([(at, 1.0), (later, 2.0)])
    assert first.day == 0
    assert second.day == pytest.approx(hours / 24)
