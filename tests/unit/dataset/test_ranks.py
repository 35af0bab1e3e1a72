"""Ranks and catchments."""

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset.catchments import MEAN, RADII_MILES, Disc, Grid, catchments
from dataset.ranks import rank


def disc(reach=5.0, counts=(1000, 100, 200, 400), households=300, income=60000, lat=44.0):
    return Disc(lat, -92.5, reach, counts, households, income)


def test_ties_share_one_break():
    ranking = rank([3.0, 1.0, 3.0, 2.0])
    assert (ranking.count, ranking.breaks, ranking.below, ranking.upto) == (4, (1.0, 2.0, 3.0), (0, 1, 2), (1, 2, 4))


def test_blobs_are_little_endian_doubles_and_unsigned_integers():
    breaks, below, upto = rank([1.0]).blobs()
    assert (breaks.hex(), below.hex(), upto.hex()) == ("000000000000f03f", "00000000", "01000000")


@given(st.lists(st.integers(0, 50).map(float), min_size=1, max_size=200), st.integers(2, 20))
def test_kept_breaks_keep_their_exact_counts_with_both_ends(values, most):
    ranking = rank(values, most)
    assert len(ranking.breaks) <= max(most, 2)
    assert (ranking.breaks[0], ranking.breaks[-1]) == (min(values), max(values))
    for at, below, upto in zip(ranking.breaks, ranking.below, ranking.upto, strict=True):
        assert below == sum(value < at for value in values)
        assert upto == sum(value <= at for value in values)


def test_breaks_stand_at_equal_steps_of_rank():
    ranking = rank(map(float, range(10_001)), 11)
    assert ranking.breaks == tuple(range(0, 10_001, 1000))


def test_a_catchment_within_one_zip_has_that_zips_density():
    found = catchments(Grid([disc()]), 44.0, -92.5)
    assert found["catchment_population", 1.0] == pytest.approx(1000 / (25 * pi))
    assert found["catchment_population", 25.0] == pytest.approx(1000 / (625 * pi))
    assert found[MEAN, 1.0] == 60000


def test_a_zip_whose_value_is_unknown_adds_nothing_and_alone_leaves_it_unknown():
    silent = disc(counts=(500, None, 50, 100), income=None)
    assert ("catchment_children_under_5", 1.0) not in catchments(Grid([silent]), 44.0, -92.5)
    assert (MEAN, 1.0) not in catchments(Grid([silent]), 44.0, -92.5)
    found = catchments(Grid([silent, disc()]), 44.0, -92.5)
    assert found["catchment_children_under_5", 1.0] == pytest.approx(100 / (25 * pi))


def test_mean_income_is_weighted_by_households():
    found = catchments(Grid([disc(), disc(households=900, income=100000)]), 44.0, -92.5)
    assert found[MEAN, 1.0] == pytest.approx(90000)


def test_nothing_near_means_nothing_known():
    assert catchments(Grid([disc(lat=30.0)]), 44.0, -92.5) == {}


@pytest.mark.parametrize("reach", [0.5, 5.0, 12.0, 66.0])
def test_the_grid_finds_discs_of_every_size_as_soon_as_they_touch(reach):
    grid = Grid([disc(reach=reach, lat=44.0 + (reach + 24.9) / 69.2)])
    assert len(list(grid.touching(44.0, -92.5, RADII_MILES[-1]))) == 1
    assert list(grid.touching(44.0, -92.5, 20.0)) == []
