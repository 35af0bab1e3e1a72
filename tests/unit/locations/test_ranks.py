"""Percentile ranks: mid-rank for ties, linear between kept breaks, and radii between those of the grid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.dataset.ranks import Distribution


def distribution(values):
    breaks = sorted(set(values))
    below = [sum(each < at for each in values) for at in breaks]
    upto = [sum(each <= at for each in values) for at in breaks]
    return Distribution(len(values), breaks, below, upto)


values = st.lists(st.integers(-1000, 1000), min_size=1, max_size=60)


def test_ties_share_the_middle_of_their_ranks():
    zeros_and_ones = distribution([0, 0, 0, 1])
    assert zeros_and_ones.percentile(0) == 37.5
    assert zeros_and_ones.percentile(1) == 87.5


def test_between_two_breaks_it_is_linear_and_outside_it_is_0_or_100():
    thinned = Distribution(100, [0.0, 10.0], [0, 80], [20, 100])
    assert [thinned.percentile(each) for each in (-1, 5, 11)] == [0.0, 50.0, 100.0]


@given(values, st.integers(-1100, 1100))
def test_a_value_and_its_mirror_image_add_up_to_100(sample, value):
    mirrored = distribution([-each for each in sample])
    assert distribution(sample).percentile(value) + mirrored.percentile(-value) == pytest.approx(100)


@given(values, st.floats(-1100, 1100), st.floats(-1100, 1100))
def test_a_higher_value_never_ranks_lower(sample, one, other):
    ranks = distribution(sample)
    low, high = sorted([one, other])
    assert 0 <= ranks.percentile(low) <= ranks.percentile(high) <= 100


@given(values)
def test_the_mean_rank_of_the_sample_itself_is_50(sample):
    ranks = distribution(sample)
    assert sum(map(ranks.percentile, sample)) / len(sample) == pytest.approx(50)
