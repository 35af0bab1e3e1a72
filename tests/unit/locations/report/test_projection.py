"""The projection keeps distances and directions from its centre, wherever that is."""

from math import atan2, cos, degrees, hypot, radians, sin

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brightspot.locations.dataset.geo import haversine_miles
from brightspot.locations.report.projection import Projection, centre_of

latitudes, longitudes = st.floats(-85, 85), st.floats(-180, 180)


@given(latitudes, longitudes, latitudes, longitudes)
def test_the_distance_from_the_centre_is_the_great_circle(lat, lon, other_lat, other_lon):
    miles = haversine_miles(lat, lon, other_lat, other_lon)
    assume(miles < 12_000)  # at the antipode every direction leads there
    assert hypot(*Projection(lat, lon).project(other_lat, other_lon)) == pytest.approx(miles, abs=1e-6)


@given(latitudes, longitudes, latitudes, longitudes)
def test_the_direction_from_the_centre_is_the_initial_bearing(lat, lon, other_lat, other_lon):
    assume(1 < haversine_miles(lat, lon, other_lat, other_lon) < 12_000)
    phi, other, turn = radians(lat), radians(other_lat), radians(other_lon - lon)
    bearing = atan2(sin(turn) * cos(other), cos(phi) * sin(other) - sin(phi) * cos(other) * cos(turn))
    east, north = Projection(lat, lon).project(other_lat, other_lon)
    apart = degrees(atan2(east, north) - bearing)
    assert abs((apart + 180) % 360 - 180) < 1e-4


@given(latitudes, longitudes)
def test_the_centre_is_the_origin(lat, lon):
    assert hypot(*Projection(lat, lon).project(lat, lon)) < 1e-6


def test_the_date_line_is_no_edge():
    adak = Projection(51.88, -176.65)
    west, east = adak.project(52, 179.99), adak.project(52, -179.99)
    assert 0 < east[0] - west[0] < 1
    assert east[0] < 0


def test_the_middle_of_points_on_both_sides_of_the_date_line_is_between_them():
    lat, lon = centre_of([(179.0, 52.0), (-177.0, 52.0)])
    assert (round(lat), round(lon)) == (52, -179)
