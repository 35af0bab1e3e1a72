"""What a panel draws to scale, and which county is shaded."""

import re
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.analysis import Location
from brightspot.locations.dataset.geo import haversine_miles
from brightspot.locations.report.map import home_of
from brightspot.locations.report.panel import UNITS, Panel, round_length
from brightspot.locations.report.projection import Projection
from brightspot.locations.report.shapes import County, StateShape

SQUARE = ((-93.0, 44.0), (-92.0, 44.0), (-92.0, 45.0), (-93.0, 45.0), (-93.0, 44.0))
HOLE = ((-92.6, 44.4), (-92.4, 44.4), (-92.4, 44.6), (-92.6, 44.6), (-92.6, 44.4))


def panel(miles_a_pixel=0.1, lat=44.0, lon=-92.5):
    return Panel(Projection(lat, lon), (0.0, 0.0), miles_a_pixel, 300, 200)


def place(lat=44.2, lon=-92.5, county="Square County"):
    return Location(lat, lon, "55901", "Rochester", "MN", county, "zip_centroid", 3.0, [], [])


def shape(name="Square County"):
    return StateShape("MN", "Minnesota", (), (County(27001, name, "Square", (SQUARE, HOLE)),))


@given(st.floats(-60, 60), st.floats(-179, 179), st.floats(0.02, 2))
def test_a_circle_of_so_many_miles_goes_through_the_places_that_are_so_far(lat, lon, scale):
    drawn = panel(scale, lat, lon)
    x, y = drawn.at(lat + 0.1, lon + 0.1)
    miles = haversine_miles(lat, lon, lat + 0.1, lon + 0.1)
    assert hypot(x - 150 * UNITS, y - 100 * UNITS) == pytest.approx(drawn.length(miles), abs=1.5)


def test_north_is_up_and_east_is_right():
    assert panel().at(44.0, -92.5) == (1500, 1000)
    assert panel().at(44.1, -92.5)[1] < 1000
    assert panel().at(44.0, -92.4)[0] > 1500


def test_a_line_that_cannot_be_seen_is_not_drawn_and_one_that_crosses_without_a_corner_inside_is():
    assert panel().paths([((-80.0, 30.0), (-80.0, 31.0))]) == ""
    assert panel().paths([((-93.5, 44.0), (-91.5, 44.0))])


def test_a_thinned_line_keeps_its_ends_and_stays_within_a_pixel():
    line = [(-92.5 + step / 10_000, 44.0) for step in range(1001)]
    d = panel().paths([line])
    steps = [int(each) for each in re.findall(r"-?\d+", d.partition("l")[2])]
    assert len(steps) < 2 * 100 * UNITS // 6
    assert 1500 + sum(steps[::2]) == panel().at(44.0, -92.4)[0]


@given(st.floats(0.001, 5000))
def test_the_scale_bar_is_a_round_number_that_fits(most):
    miles = round_length(most)
    assert most / 2.5 * 0.999 <= miles <= most * 1.000001
    assert f"{miles:e}"[0] in "125"


def test_the_county_of_the_same_name_is_shaded_wherever_the_point_lies():
    home = home_of(shape(), place(lat=10.0))
    assert (home.county.fips, home.is_named) == (27001, True)


def test_else_the_county_that_holds_the_point_is_and_a_hole_is_not_inside():
    assert home_of(shape(), place(county="Capitol Region")).county.fips == 27001
    assert home_of(shape(), place(county="Capitol Region")).is_named is False
    assert home_of(shape(None), place(county=None)).county.fips == 27001
    assert home_of(shape(), place(lat=44.5, county="Capitol Region")).county is None
    assert home_of(None, place()).county is None
