"""The indexed search for what a radius touches misses nothing, and ranks agree with a count over all ZIPs."""

from itertools import pairwise
from math import fsum, pi
from random import Random

import pytest

from brightspot.locations.dataset.catchment import Catchments
from brightspot.locations.dataset.file import Dataset
from brightspot.locations.dataset.geo import disc_share, haversine_miles
from brightspot.locations.dataset.ranks import CATCHMENT_RADII, Ranks

ROWS = "SELECT z.zip, z.lat, z.lon, z.reach, v.population FROM zips z JOIN zip_values v ON v.zip = z.zip"


@pytest.fixture(scope="module")
def dataset():
    opened = Dataset()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def everywhere(dataset):
    return [
        (code, lat / 1e5, lon / 1e5, reach / 100, population)
        for code, lat, lon, reach, population in dataset.rows(ROWS)
        if None not in (lat, lon, reach, population)
    ]


def by_looking_at_all(everywhere, lat, lon, radius):
    return fsum(
        disc_share(haversine_miles(lat, lon, z_lat, z_lon), radius, reach) * population
        for _, z_lat, z_lon, reach, population in everywhere
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_index_finds_what_looking_at_every_zip_finds(dataset, everywhere, seed):
    random = Random(seed)
    _, lat, lon, _, _ = random.choice(everywhere)
    radius = random.choice([0.5, 3.0, 11.0, 25.0])
    found = Catchments(dataset).around(lat, lon, radius).values["catchment_population"]
    assert found == pytest.approx(by_looking_at_all(everywhere, lat, lon, radius), abs=0.06)


@pytest.mark.parametrize("place", [(99553, 25.0), (99762, 25.0), (10001, 25.0), (96799, 25.0)])
def test_so_it_does_in_alaska_new_york_and_samoa(dataset, everywhere, place):
    code, radius = place
    lat, lon = (each / 1e5 for each in dataset.rows("SELECT lat, lon FROM zips WHERE zip = ?", (code,))[0])
    found = Catchments(dataset).around(lat, lon, radius).values["catchment_population"]
    expected = by_looking_at_all(everywhere, lat, lon, radius)
    assert (found or 0.0) == pytest.approx(expected, abs=0.06)


def test_a_catchment_where_nothing_is_known_is_unknown_not_zero(dataset):
    middle_of_the_pacific = Catchments(dataset).around(0.0, -140.0, 25.0)
    assert middle_of_the_pacific.zips == 0
    assert set(middle_of_the_pacific.values.values()) == {None}


def test_between_the_radii_of_the_grid_a_rank_lies_between_its_neighbours(dataset):
    ranks = Ranks(dataset)

    def at(radius):
        return ranks.catchment_percentile("catchment_population", 1000 * pi * radius**2, radius, per_area=True)

    for inner, outer in pairwise(CATCHMENT_RADII):
        low, high = sorted([at(inner), at(outer)])
        assert low <= at((inner * outer) ** 0.5) <= high


@pytest.mark.parametrize("seed", range(6))
def test_counts_round_many_positions_are_those_round_each(dataset, seed):
    random = Random(seed)
    lat, lon = random.choice([(40.75, -73.99), (44.08, -92.5), (57.0, -135.3), (21.3, -157.8), (36.0, -115.1)])
    near = [(lat + random.uniform(-0.05, 0.05), lon + random.uniform(-0.06, 0.06)) for _ in range(20)]
    catchments = Catchments(dataset)
    for radius in (0.5, 3.0, 25.0):
        each = [catchments.around(*position, radius).values["catchment_children_under_5"] for position in near]
        together = catchments.counts_round("children_under_5", near, radius)
        assert together == pytest.approx(each, abs=0.11)  # summed in another order, then rounded to a tenth


def test_nowhere_is_counted_nothing(dataset):
    catchments = Catchments(dataset)
    assert catchments.counts_round("children_under_5", [], 3.0) == []
    assert catchments.counts_round("children_under_5", [(0.0, 0.0)], 3.0) == [None]
