"""Ranks agree with the values that they rank."""

import struct
from itertools import pairwise
from math import pi

import pytest

from brightspot.locations.dataset.geo import disc_share, haversine_miles
from dataset.catchments import COUNTS, RADII_MILES

CARRIED = {
    "zip": "SELECT v.{0} FROM zips z JOIN zip_values v ON v.zip = z.zip WHERE z.population > 0",
    "county": "SELECT v.{0} FROM zips z JOIN county_values v ON v.fips = z.county_fips WHERE z.population > 0",
    "metro": "SELECT v.{0} FROM zips z JOIN metro_values v ON v.area = z.area WHERE z.population > 0",
    "state": "SELECT v.{0} FROM zips z JOIN state_values v ON v.code = z.state WHERE z.population > 0",
}
SITES = (55901, 10025, 99686, 6830, 89049, 79936)


def ranking(places, field, radius=0):
    row = places.execute(
        "SELECT count, breaks, below, upto FROM ranks WHERE field = ? AND radius = ?", (field, radius)
    ).fetchone()
    size = len(row[1]) // 8
    return row[0], *(struct.unpack(f"<{size}{code}", blob) for code, blob in zip("dII", row[1:], strict=True))


def test_every_field_is_ranked_and_catchments_at_every_radius(places, fields):
    ranked = set(places.execute("SELECT field, radius FROM ranks").fetchall())
    sites = [name for (name,) in places.execute("SELECT name FROM fields WHERE level = 'site'")]
    wanted = {(name, 0) for name in fields} | {(name, round(10 * radius)) for name in sites for radius in RADII_MILES}
    assert ranked == wanted


def test_breaks_rise_strictly_and_counts_never_fall(places):
    for field, radius in places.execute("SELECT field, radius FROM ranks").fetchall():
        count, breaks, below, upto = ranking(places, field, radius)
        assert 1 <= len(breaks) <= 1000, field
        assert len(breaks) == len(below) == len(upto), field
        assert all(one < other for one, other in pairwise(breaks)), field
        assert all(low < high for low, high in zip(below, upto, strict=True)), field
        assert all(high <= low for high, low in zip(upto, below[1:], strict=False)), field
        assert (below[0], upto[-1]) == (0, count), field


def test_ranks_are_exact_counts_of_the_stored_values(places, fields):
    for field, (level, decimals) in fields.items():
        stored = [row[0] for row in places.execute(CARRIED[level].format(field)) if row[0] is not None]
        values = sorted(integer / 10**decimals for integer in stored)
        count, breaks, below, upto = ranking(places, field)
        assert count == len(values), field
        for index in {0, len(breaks) // 3, len(breaks) // 2, len(breaks) - 1}:
            assert below[index] == sum(value < breaks[index] for value in values), field
            assert upto[index] == sum(value <= breaks[index] for value in values), field
        assert (breaks[0], breaks[-1]) == (values[0], values[-1]), field
        if len(set(values)) <= 1000:
            assert len(breaks) == len(set(values)), field


@pytest.mark.parametrize("code", SITES)
@pytest.mark.parametrize("radius", [0.5, 5.0, 25.0])
def test_a_zips_own_catchment_lies_within_the_ranked_range(places, code, radius):
    """Worked out here from the file alone, over every ZIP, without the builder's grid."""
    densities = catchment(places, code, radius)
    for field, density in densities.items():
        count, breaks, *_ = ranking(places, f"catchment_{field}", round(radius * 10))
        assert count > 30_000
        assert breaks[0] - 1e-9 <= density <= breaks[-1] + 1e-9, field


def test_the_densest_catchment_is_that_of_one_zip(places):
    """The largest break at half a mile is some ZIP's catchment, to the last digits."""
    *_, breaks, _, _ = ranking(places, "catchment_population", 5)
    densest = places.execute(
        "SELECT zip FROM zip_values WHERE population > 0 ORDER BY population_density DESC LIMIT 25"
    ).fetchall()
    found = max(catchment(places, code, 0.5)["population"] for (code,) in densest)
    assert found == pytest.approx(breaks[-1], rel=1e-9)


def catchment(places, code, radius):
    lat, lon = places.execute("SELECT lat, lon FROM zips WHERE zip = ?", (code,)).fetchone()
    rows = places.execute(
        f"SELECT z.lat, z.lon, z.reach, {', '.join(f'v.{name}' for name in COUNTS)} FROM zips z "
        "JOIN zip_values v ON v.zip = z.zip WHERE z.reach IS NOT NULL AND z.population IS NOT NULL "
        "AND abs(z.lat - ?) < 200000",
        (lat,),
    )
    sums = dict.fromkeys(COUNTS, 0.0)
    for its_lat, its_lon, reach, *values in rows:
        miles = haversine_miles(lat / 1e5, lon / 1e5, its_lat / 1e5, its_lon / 1e5)
        share = disc_share(miles, radius, reach / 100)
        for name, value in zip(COUNTS, values, strict=True):
            sums[name] += share * (value or 0)
    return {name: total / (pi * radius * radius) for name, total in sums.items()}
