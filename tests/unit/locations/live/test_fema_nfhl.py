"""The flood map says a zone; unmapped, undetermined or left out is unknown, and where zones meet the worst counts."""

import json
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.locations.collectors.live.sources.fema_nfhl import SOURCE, read
from tests.unit.locations.live.asking import RECORDED, recorded, site

AE = recorded("fema_nfhl.json")["features"][0]["attributes"]
X = {"FLD_ZONE": "X", "ZONE_SUBTY": "AREA OF MINIMAL FLOOD HAZARD", "SFHA_TF": "F", "STATIC_BFE": -9999}
SHADED = {**X, "ZONE_SUBTY": "0.2 PCT ANNUAL CHANCE FLOOD HAZARD"}
VE = {"FLD_ZONE": "VE", "ZONE_SUBTY": None, "SFHA_TF": "T", "STATIC_BFE": 14, "LEN_UNIT": "Feet", "V_DATUM": "NAVD88"}
D = {"FLD_ZONE": "D", "ZONE_SUBTY": None, "SFHA_TF": "F"}
STREET = site(precision="street")


def zones(*rows):
    return read(json.dumps({"features": [{"attributes": each} for each in rows]}).encode(), None)


def told(*rows, at=STREET):
    zone, elevation = SOURCE.found(zones(*rows), at, None)
    assert (zone.point, elevation.point) == ("flood_zone", "base_flood_elevation_feet")
    return zone, elevation


def test_the_recorded_answer():
    zone, elevation = told(AE)
    assert (zone.value, zone.label, zone.level, zone.kind) == (1, "AE, floodway", "site", "observed")
    assert (elevation.value, elevation.label) == (1012.5, "above NAVD88")
    assert zone.vintage == elevation.vintage == "effective map 27109C"


def test_outside_is_zero_and_has_no_elevation():
    zone, elevation = told(X)
    assert (zone.value, zone.label) == (0, "X, area of minimal flood hazard")
    assert (elevation.value, elevation.reason) == (None, "the map has no elevation of the base flood here")


def test_a_place_that_is_not_mapped_is_unknown_and_never_outside():
    for each in told():
        assert each.value is None
        assert "on no flood map" in each.reason


@pytest.mark.parametrize("flag", ["T", "F", "U", None])
@pytest.mark.parametrize("zone", ["D", "OPEN WATER", "AREA NOT INCLUDED", "NP", "", None, " d "])
def test_a_zone_without_a_verdict_is_unknown_whatever_its_flag(zone, flag):
    for each in told({**X, "FLD_ZONE": zone, "SFHA_TF": flag}):
        assert each.value is None
        assert "no verdict here" in each.reason


@pytest.mark.parametrize("flag", ["U", None, "", "yes"])
def test_a_zone_whose_flag_is_neither_is_unknown(flag):
    assert told({**X, "SFHA_TF": flag})[0].value is None


@pytest.mark.parametrize(
    ("rows", "value", "label"),
    [
        ([X, AE], 1, "AE, floodway (the strictest of 2 zones that meet here)"),
        ([X, D, AE], 1, "AE, floodway (the strictest of 3 zones that meet here)"),
        ([AE, VE], 1, "VE (the strictest of 2 zones that meet here)"),
        ([X, SHADED], 0, "X, 0.2 pct annual chance flood hazard (the strictest of 2 zones that meet here)"),
        ([X, X], 0, "X, area of minimal flood hazard"),
        ([AE, {**AE, "STATIC_BFE": 1000}], 1, "AE, floodway"),
        ([X, D], None, None),
    ],
)
def test_where_zones_meet_the_strictest_counts_in_whatever_order_they_come(rows, value, label):
    for each in permutations(rows):
        zone, _ = told(*each)
        assert (zone.value, zone.label) == (value, label)


def test_of_several_elevations_the_highest_inside_counts():
    higher_outside = {**X, "STATIC_BFE": 2000, "LEN_UNIT": "Feet"}
    assert told(AE, {**AE, "STATIC_BFE": 1020}, higher_outside)[1].value == 1020


@pytest.mark.parametrize(
    ("changed", "feet"),
    [
        ({"STATIC_BFE": -9999}, None),
        ({"STATIC_BFE": -8888}, None),
        ({"STATIC_BFE": None}, None),
        ({"STATIC_BFE": 0}, 0),
        ({"STATIC_BFE": -3.2}, -3.2),
        ({"STATIC_BFE": 3.048, "LEN_UNIT": "Meters"}, 10),
        ({"LEN_UNIT": None}, None),
        ({"LEN_UNIT": "cubits"}, None),
    ],
)
def test_an_elevation_is_in_feet_or_unknown(changed, feet):
    zone, elevation = told({**AE, **changed})
    assert (zone.value, elevation.value) == (1, feet)
    assert (elevation.reason is None) == (feet is not None)


@pytest.mark.parametrize(
    ("precision", "said"),
    [
        ("zip_centroid", "at the middle of the ZIP, not at a street"),
        ("city_centroid", "at the middle of the city, not at a street"),
        ("po_box_zip", "not at a street"),
    ],
)
def test_the_middle_of_a_zip_is_not_taken_for_the_site(precision, said):
    zone, elevation = told(AE, at=site(precision=precision))
    assert (zone.kind, elevation.kind) == ("estimated", "estimated")
    assert zone.label.startswith("AE, floodway; ")
    assert zone.label.endswith(said)


def test_an_error_that_looks_like_success_is_a_failure():
    with pytest.raises(SourceFailed, match=r"an error \(500: Error performing query operation\)"):
        read((RECORDED / "fema_nfhl_error.json").read_bytes(), None)


@pytest.mark.parametrize("row", [{}, {"FLD_ZONE": "X"}, {**X, "FLD_ZONE": 1}, {**X, "STATIC_BFE": "-9999"}])
def test_what_is_not_as_it_should_be_is_a_failure(row):
    with pytest.raises(SourceFailed, match="not what it should be"):
        zones(row)


def test_the_question_is_about_a_point_with_the_longitude_first():
    request = SOURCE.query(site())
    assert request.path == "/28/query"
    assert request.query["geometry"] == "-92.4971,44.0777"
    assert request.query["inSR"] == "4326"
    assert request == SOURCE.query(site(lat=44.07768))


texts = (
    st.none() | st.text(max_size=8) | st.sampled_from(["T", "F", "X", "AE", "VE", "D", "FLOODWAY", "Feet", "Meters"])
)
rows = st.fixed_dictionaries(
    dict.fromkeys(("FLD_ZONE", "ZONE_SUBTY", "SFHA_TF", "V_DATUM", "LEN_UNIT", "DFIRM_ID"), texts)
    | {"STATIC_BFE": st.none() | st.floats(-10_000, 30_000)}
)


@given(features=st.lists(rows, max_size=5))
def test_whatever_the_map_has_the_verdict_is_inside_outside_or_unknown_with_a_reason(features):
    found = zones(*features)
    for each in SOURCE.found(found, STREET, None):
        assert (each.value is None) == (each.reason is not None)
    zone, elevation = SOURCE.found(found, STREET, None)
    assert zone.value in {0, 1, None}
    assert elevation.value is None or zone.value == 1
    assert msgspec.json.decode(msgspec.json.encode(found), type=SOURCE.kept) == found


@given(features=st.lists(rows, max_size=4), more=rows)
def test_one_more_zone_never_makes_a_place_safer(features, more):
    before, after = (SOURCE.found(zones(*each), STREET, None)[0].value for each in (features, [*features, more]))
    assert before != 1 or after == 1
    assert not features or before is not None or after != 0
