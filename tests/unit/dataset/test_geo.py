"""Distances and overlaps."""

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.dataset.geo import EARTH_RADIUS_MILES, disc_share, haversine_miles, lens_area

miles = st.floats(0, 60, allow_nan=False)
reaches = st.floats(0.02, 70, allow_nan=False)


def test_a_quarter_of_the_globe_is_a_quarter_of_its_circumference():
    assert haversine_miles(0, 0, 90, 0) == pytest.approx(EARTH_RADIUS_MILES * pi / 2)


def test_minneapolis_is_77_miles_from_rochester():
    assert haversine_miles(44.9778, -93.2650, 44.0234, -92.4630) == pytest.approx(76.8, abs=0.5)


def test_distance_does_not_jump_at_the_date_line():
    assert haversine_miles(52, 179.9, 52, -179.9) == pytest.approx(haversine_miles(52, 0, 52, 0.2))


def test_opposite_ends_of_the_globe_do_not_leave_the_domain_of_asin():
    assert haversine_miles(41.3, -72.9, -41.3, 107.1) == pytest.approx(EARTH_RADIUS_MILES * pi)


def test_two_unit_discs_one_mile_apart_share_the_textbook_lens():
    assert lens_area(1, 1, 1) == pytest.approx(2 * pi / 3 - 3**0.5 / 2)


def test_a_disc_inside_the_radius_counts_whole_and_one_outside_not_at_all():
    assert disc_share(1, 5, 2) == 1
    assert disc_share(7, 5, 2) == 0


def test_a_radius_inside_a_large_zip_counts_its_share_of_the_land():
    assert disc_share(1, 2, 10) == pytest.approx(0.04)


@given(miles, miles, reaches)
def test_a_share_is_a_share(distance, radius, reach):
    assert 0 <= disc_share(distance, radius, reach) <= 1


@given(miles, miles, miles, reaches)
def test_a_larger_radius_never_holds_less(distance, one, other, reach):
    small, large = sorted((one, other))
    assert disc_share(distance, small, reach) <= disc_share(distance, large, reach) + 1e-9
