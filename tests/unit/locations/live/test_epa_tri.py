"""The register's rows: keys in either case, positions as DDMMSS without a sign, closed facilities, one ZIP only."""

import json
from math import floor
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.errors import SourceFailed, SourceSilent
from brightspot.locations.collectors.live.sources.epa_tri import SOURCE, Register, degrees, read
from brightspot.locations.collectors.seam import Site
from brightspot.locations.place import Place

ROWS = json.loads((Path(__file__).parents[3] / "integration/live/recorded/epa_tri.json").read_bytes())
COUNT, NEAREST = "toxic_release_facilities", "nearest_toxic_release_facility_miles"


def no_more(_):
    raise AssertionError("one answer says it all")


def register(*rows):
    return read(json.dumps(rows).encode(), no_more)


def row(**changed):
    return {**ROWS[0], **changed}


def site(lat=44.07766, lon=-92.49706, zip_code="55901", data_zip=55901, precision="zip_centroid"):
    place = Place(lat, lon, zip_code, "Rochester", "MN", None, 27109, None, data_zip, precision, 3.0, (), (), "x")
    return Site(place, 3.0)


def found(told, at=None):
    return {each.point: each for each in SOURCE.found(told, at or site(), None)}


def test_the_recorded_answer():
    told = found(register(*ROWS))
    assert (told[COUNT].value, told[COUNT].level, told[COUNT].kind, told[COUNT].bound) == (3, "zip", "observed", None)
    nearest = told[NEAREST]
    assert nearest.value == pytest.approx((44.07766 - (44 + 3 / 60 + 30 / 3600)) * 69.1, abs=0.01)  # due south
    assert (nearest.level, nearest.kind, nearest.bound) == ("site", "derived", "at_most")
    assert nearest.label == "NORTHFIELD CIRCUITS INC (1 of 3 have no usable position)"


def test_keys_in_capitals_are_the_same():
    assert register(*({name.upper(): value for name, value in each.items()} for each in ROWS)) == register(*ROWS)


@pytest.mark.parametrize(
    ("told", "known"),
    [
        (414905, 41 + 49 / 60 + 5 / 3600),
        (873859, 87 + 38 / 60 + 59 / 3600),
        (1221530, 122 + 15 / 60 + 30 / 3600),
        ("414905", 41 + 49 / 60 + 5 / 3600),
        ("0414905 ", 41 + 49 / 60 + 5 / 3600),
        (5930, 59 / 60 + 30 / 3600),
        (0, None),
        ("0", None),
        (None, None),
        ("", None),
        ("None", None),
        (True, None),
        (-873859, None),
        (416005, None),
        (414960, None),
        (41.8181, None),
        ("41.8181", None),
        ("٤١٤٩٠٥", None),
        (1810000, None),
        (10**30, None),
        ("9" * 5000, None),
        ([414905], None),
    ],
)
def test_degrees_of_ddmmss(told, known):
    assert degrees(told, 180) == (None if known is None else pytest.approx(known))


@given(seconds=st.integers(1, 180 * 3600))
def test_every_angle_comes_back_from_its_degrees_minutes_and_seconds(seconds):
    whole, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    assert floor(degrees(whole * 10_000 + minutes * 100 + rest, 180) * 3600 + 0.5) == seconds


@given(told=st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12))
def test_whatever_stands_there_is_an_angle_or_unknown(told):
    value = degrees(told, 90)
    assert value is None or 0 < value <= 90


def test_longitudes_are_west():
    (facility,) = register(row(fac_latitude=414905, fac_longitude=873859)).facilities
    assert (facility.lat, facility.lon) == (pytest.approx(41.818056, abs=1e-6), pytest.approx(-87.649722, abs=1e-6))


def test_no_facility_is_a_real_zero_and_an_unknown_distance():
    told = found(register())
    assert (told[COUNT].value, told[COUNT].reason) == (0, None)
    assert told[NEAREST].value is None
    assert told[NEAREST].reason == "the ZIP has no such facility; other ZIPs were not asked for"


@pytest.mark.parametrize(
    "unusable",
    [
        {"fac_latitude": 0, "fac_longitude": 0},
        {"fac_latitude": None},
        {"fac_longitude": 925960},
        {"fac_latitude": 414905},  # another state's
    ],
)
def test_a_position_that_cannot_be_right_is_passed_over_and_told(unusable):
    alone = found(register(row(**unusable)))
    assert (alone[COUNT].value, alone[NEAREST].value) == (1, None)
    assert "none of the ZIP's 1 facilities has a usable position" in alone[NEAREST].reason
    both = found(register(row(), row(tri_facility_id="2", **unusable)))
    assert both[NEAREST].value == found(register(row()))[NEAREST].value
    assert both[NEAREST].label.endswith("(1 of 2 have no usable position)")


@pytest.mark.parametrize(("told", "many"), [("1", 0), (1, 0), ("Y", 0), ("0", 1), (0, 1), (None, 1), ("", 1)])
def test_a_facility_that_is_marked_closed_does_not_count(told, many):
    assert found(register(row(fac_closed_ind=told)))[COUNT].value == many


def test_a_facility_that_is_told_twice_counts_once():
    assert found(register(row(), row(), row(tri_facility_id="2")))[COUNT].value == 2


@pytest.mark.parametrize(("rows", "bound"), [(998, None), (999, "at_least"), (1000, "at_least")])
def test_an_answer_that_is_full_is_a_lower_bound(rows, bound):
    told = found(register(*(row(tri_facility_id=str(at)) for at in range(rows))))
    assert (told[COUNT].value, told[COUNT].bound) == (rows, bound)


@pytest.mark.parametrize("name", [None, "", " ", 7])
def test_a_facility_without_a_name_is_still_one(name):
    assert found(register(row(facility_name=name)))[NEAREST].label == "unnamed"


@pytest.mark.parametrize(
    "body",
    [
        b'{"error": "tri_facility/rows/0:2: The table is not available."}',
        b'[{"error": "no such table"}]',
        b'[{"tri_facility_id": ""}]',
        b'[{"tri_facility_id": 5}]',
        b"[[]]",
        b"null",
    ],
)
def test_what_is_not_as_it_should_be_is_a_failure(body):
    with pytest.raises(SourceFailed, match="not what it should be"):
        read(body, no_more)


@given(body=st.binary(max_size=200) | st.lists(st.text(max_size=9), min_size=1).map(json.dumps).map(str.encode))
def test_anything_else_is_a_failure_and_nothing_worse(body):
    with pytest.raises(SourceFailed):
        read(body, no_more)


@given(
    rows=st.dictionaries(
        st.text("ABCDEFGH0123456789", min_size=1, max_size=15),
        st.fixed_dictionaries(
            {
                "facility_name": st.none() | st.text(max_size=9),
                "fac_latitude": st.none() | st.integers(-(10**7), 10**7) | st.text(max_size=8),
                "fac_longitude": st.none() | st.integers(-(10**8), 10**8) | st.text(max_size=8),
            }
        ),
        max_size=6,
    )
)
def test_whatever_stands_in_a_row_the_count_is_right_and_survives_the_cache(rows):
    told = register(*({"tri_facility_id": known, **each} for known, each in rows.items()))
    assert found(told)[COUNT].value == len(rows)
    nearest = found(told)[NEAREST].value
    assert nearest is None or 0 <= nearest <= 100
    assert msgspec.json.decode(msgspec.json.encode(told), type=SOURCE.kept) == told


def test_the_question_is_about_the_zip_and_neighbours_share_it():
    assert SOURCE.query(site()).path == "/tri_facility/zip_code/=/55901/rows/0:999/JSON"
    assert SOURCE.query(site(lat=44.1)) == SOURCE.query(site())


def test_boxes_are_asked_for_by_the_zip_that_describes_them_which_is_an_estimate():
    boxes = site(zip_code="55903", precision="po_box_zip")
    assert "/55901/" in SOURCE.query(boxes).path
    assert found(Register([], more=False), boxes)[COUNT].kind == "estimated"


@pytest.mark.parametrize("at", [site(zip_code=None), site(zip_code="09001", data_zip=None, precision="po_box_zip")])
def test_a_place_without_a_zip_of_land_is_not_asked_for(at):
    with pytest.raises(SourceSilent, match="no ZIP with an area"):
        SOURCE.query(at)
