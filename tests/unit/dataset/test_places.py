"""One record per ZIP: reach, tier, area, host."""

import pytest

from dataset.acs import ZipRow
from dataset.oews import Area
from dataset.places import place, places, tier

AREAS = {
    40340: Area(40340, "Rochester, MN", "metro", 27, {}),
    25540: Area(25540, "Hartford", "metro", 9, {}),
    2700000: Area(2700000, "Minnesota", "state", 27, {}),
}


def row(code=55901, **changes):
    known = {
        "state": "MN",
        "city": "Rochester",
        "kind": "standard",
        "lat": 44.0,
        "lon": -92.5,
        "land": 78.54,
        "county": 27109,
        "county_name": "Olmsted County",
        "metro": 40340,
    }
    people = changes.pop("people", 1000.0)
    return ZipRow(code, **(known | changes), values={"population": people})


def box(code, lat, **changes):
    return row(code, people=None, kind="po_box", land=None, county=None, metro=None, lat=lat, **changes)


def test_reach_is_the_radius_of_a_circle_of_the_same_land():
    known = place(row(), AREAS)
    assert known.reach == 500
    assert (known.lat, known.lon, known.population) == (4400000, -9250000, 1000)


@pytest.mark.parametrize(("reach", "expected"), [(5.0, 0), (5.01, 1), (20.0, 1), (20.01, 2)])
def test_tiers_sort_zips_by_reach(reach, expected):
    assert tier(reach) == expected


def test_a_zip_without_land_or_position_has_no_tier():
    assert place(row(land=None), AREAS).tier is None
    assert place(row(lat=None, lon=None), AREAS).tier is None


def test_a_metro_is_taken_before_the_state_and_an_unknown_metro_falls_back_to_it():
    assert place(row(), AREAS).area == 40340
    assert place(row(metro=None), AREAS).area == 2700000
    assert place(row(metro=99999), AREAS).area == 2700000


def test_military_mail_and_zips_without_state_have_no_area():
    assert place(row(state="AE", county=None, metro=None), AREAS).area is None
    assert place(row(state=None, city=None, county=None, metro=None), AREAS).area is None


def test_a_connecticut_zip_gets_county_and_area_from_its_town():
    known = place(row(6001, state="CT", city="Avon", county=9003, metro=None), AREAS)
    assert (known.county_fips, known.area) == (9110003, 25540)


def test_a_box_is_hosted_by_the_nearest_zip_that_surrounds_it():
    wide = row(1, land=2827.4, lat=44.20)
    near = row(2, land=3.14, lat=44.05, county=27001)
    hosted = places([wide, near, box(3, 44.0)], AREAS)[2]
    assert hosted.host_zip == 1
    assert (hosted.county_fips, hosted.area) == (27109, 40340)
    assert hosted.host_miles == pytest.approx(1382, abs=2)


def test_a_box_that_none_surrounds_is_hosted_by_the_nearest_within_ten_miles():
    assert places([row(1, land=3.14, lat=44.10), box(2, 44.0)], AREAS)[1].host_zip == 1
    assert places([row(1, land=3.14, lat=44.20), box(2, 44.0)], AREAS)[1].host_zip is None


def test_a_host_is_in_the_same_state_and_has_residents():
    assert places([row(1, state="WI"), box(2, 44.0)], AREAS)[1].host_zip is None
    assert places([row(1, people=0.0), box(2, 44.0)], AREAS)[1].host_zip is None


def test_a_zip_where_nobody_lives_is_hosted_and_one_with_few_residents_is_not():
    known = places([row(1), row(2, people=0.0), row(3, people=20.0)], AREAS)
    assert [one.host_zip for one in known] == [None, 1, None]
