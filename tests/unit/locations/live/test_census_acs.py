"""ACS answers are rows of text: codes for "not available" are no values, capped values say so, all else is refused."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.errors import SourceFailed, SourceSilent
from brightspot.locations.collectors.live.sources.census_acs import SOURCE, read
from brightspot.locations.collectors.seam import Site
from brightspot.locations.place import Place

NAMES, VALUES = json.loads((Path(__file__).parents[3] / "integration/live/recorded/census_acs.json").read_bytes())
# api.census.gov, "Notes on ACS estimate and annotation values".
NOT_AVAILABLE = [
    "-999999999",
    "-888888888",
    "-666666666",
    "-555555555",
    "-333333333",
    "-222222222",
    "-666666666.0",
    None,
]


def no_more(_):
    raise AssertionError("one answer says it all")


def points(**changed):
    values = [changed.get(name, value) for name, value in zip(NAMES, VALUES, strict=True)]
    return {each.point: each for each in read(json.dumps([NAMES, values]).encode(), no_more)}


def site(zip_code="55901", data_zip=55901):
    place = Place(
        44.0, -92.0, zip_code, "Rochester", "MN", None, None, None, data_zip, "zip_centroid", 3.0, (), (), "x"
    )
    return Site(place, 3.0)


def test_the_recorded_answer():
    found = points()
    assert found["population"].value == 58540
    assert found["median_age"].value == 34.6
    assert found["children_under_5"].value == 1981 + 1914
    assert found["children_under_6_parents_working"].value == 2610 + 171 + 598
    assert found["share_below_poverty"].value == 9.2
    assert found["share_owner_occupied"].value == 63.9
    assert {each.vintage for each in found.values()} == {"2019-2023"}
    assert {each.level for each in found.values()} == {"zip"}


@pytest.mark.parametrize("code", NOT_AVAILABLE)
def test_a_code_for_not_available_is_no_value(code):
    found = points(B19013_001E=code, B01001_003E=code, B25002_001E=code)
    assert found["median_household_income"].value is None
    assert found["children_under_5"].value is None
    assert found["share_under_5"].value is None
    assert found["share_vacant"].value is None
    assert found["population"].value == 58540


def test_a_share_of_nothing_is_unknown():
    assert points(B25003_001E="0")["share_owner_occupied"].value is None


@pytest.mark.parametrize(
    ("name", "point", "text", "bound"),
    [
        ("B19013_001E", "median_household_income", "250001", "at_least"),
        ("B19013_001E", "median_household_income", "2499", "at_most"),
        ("B19013_001E", "median_household_income", "250000", None),
        ("B25077_001E", "median_home_value", "2000001", "at_least"),
        ("B25077_001E", "median_home_value", "9999", "at_most"),
    ],
)
def test_a_capped_value_says_so(name, point, text, bound):
    found = points(**{name: text})[point]
    assert (found.value, found.bound) == (float(text), bound)


@pytest.mark.parametrize("text", ["250,000+", "-", "N", "", "nan", "inf", "1e999", "-5"])
def test_a_value_that_is_no_count_is_a_failure_and_never_a_value(text):
    with pytest.raises(SourceFailed, match="B01003_001E"):
        points(B01003_001E=text)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"error: unknown variable 'B99999_001E'",
        b"[]",
        json.dumps([NAMES]).encode(),
        json.dumps([NAMES, VALUES, VALUES]).encode(),
        json.dumps([NAMES, VALUES[:-1]]).encode(),
        json.dumps([NAMES[:3], VALUES[:3]]).encode(),
        json.dumps([NAMES, [1, *VALUES[1:]]]).encode(),
    ],
)
def test_what_is_not_as_it_should_be_is_a_failure(body):
    with pytest.raises(SourceFailed, match="not what it should be"):
        read(body, no_more)


@given(
    body=st.binary(max_size=200)
    | st.lists(st.lists(st.none() | st.text(max_size=9), max_size=5), max_size=3).map(json.dumps).map(str.encode)
)
def test_anything_else_is_a_failure_and_nothing_worse(body):
    with pytest.raises(SourceFailed):
        read(body, no_more)


@given(
    texts=st.lists(
        st.text(max_size=12) | st.sampled_from(NOT_AVAILABLE) | st.integers(0, 10**7).map(str),
        min_size=len(VALUES),
        max_size=len(VALUES),
    )
)
def test_whatever_stands_in_a_row_every_value_is_a_number_from_zero_or_unknown(texts):
    try:
        found = read(json.dumps([NAMES, texts]).encode(), no_more)
    except SourceFailed:
        return
    assert all(each.value is None or 0 <= each.value < float("inf") for each in found)
    assert msgspec.json.decode(msgspec.json.encode(found), type=SOURCE.kept) == found


@given(order=st.permutations(range(len(NAMES))))
def test_the_order_of_the_columns_does_not_matter(order):
    shuffled = [[row[at] for at in order] for row in (NAMES, VALUES)]
    assert read(json.dumps(shuffled).encode(), no_more) == list(points().values())


def test_the_question_names_the_zip_whose_figures_describe_the_place():
    asked = SOURCE.query(site("55905", 55901)).query
    assert asked["for"] == "zip code tabulation area:55901"
    assert len(asked["get"].split(",")) <= 50
    assert "in" not in asked


def test_a_place_without_residents_is_not_asked_for():
    with pytest.raises(SourceSilent, match="no residents"):
        SOURCE.query(site("55905", None))


def test_a_hosts_figures_are_estimates():
    own, hosted = (SOURCE.found(list(points().values()), at, None) for at in (site(), site("55905", 55901)))
    assert {each.kind for each in own} == {"observed"}
    assert {each.kind for each in hosted} == {"estimated"}
    assert [each.value for each in own] == [each.value for each in hosted]
