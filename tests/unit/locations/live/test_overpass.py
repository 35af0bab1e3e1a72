"""What the Overpass API says is read as it is meant: counts, positions, capacities, and a time-out that looks empty."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.locations.collectors.live.source import Request
from brightspot.locations.collectors.live.sources.overpass import SOURCE, Around, read
from brightspot.locations.collectors.seam import Site
from brightspot.locations.place import Place

RECORDED = Path(__file__).parents[3] / "integration" / "live" / "recorded"
WHOLE = json.loads((RECORDED / "overpass.json").read_bytes())

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def no_more(_):
    raise AssertionError("one answer says it all")


def around(answer):
    return read(json.dumps(answer).encode(), no_more)


def site(radius_miles=3.0, lat=44.07766, lon=-92.49706):
    place = Place(lat, lon, "55901", "Rochester", "MN", None, None, None, 55901, "zip_centroid", 3.0, (), (), "55901")
    return Site(place, radius_miles)


def test_the_recorded_answer():
    found = around(WHOLE)
    assert (found.schools, found.parks, found.stops, found.time) == (11, 34, 84, "2026-11-20T12:58:02Z")
    assert [(each.name, each.capacity) for each in found.providers] == [
        ("Little Oaks", 64),
        ("Northside Preschool", None),
        ("Elton Hills Child Care", None),
        ("", None),
    ]
    assert (found.providers[1].lat, found.providers[1].lon) == (44.0622, -92.4801)


def test_a_query_that_ran_out_of_time_is_a_failure_and_not_an_empty_place():
    with pytest.raises(SourceFailed, match=r"gave up \(runtime error: Query timed out"):
        read((RECORDED / "overpass_remark.json").read_bytes(), no_more)


def test_a_remark_that_is_no_error_is_no_failure():
    assert around({**WHOLE, "remark": "considered harmless"}) == around(WHOLE)


def test_nothing_near_is_an_answer():
    none = [{"type": "count", "id": 0, "tags": {"total": "0"}}] * 3
    assert around({**WHOLE, "elements": none}) == Around("2026-11-20T12:58:02Z", [], 0, 0, 0)


@pytest.mark.parametrize(
    "elements",
    [
        [],
        WHOLE["elements"][:-1],
        [*WHOLE["elements"], WHOLE["elements"][-1]],
        [{"type": "way", "id": 5, "tags": {}}, *WHOLE["elements"]],
        [{"type": "node", "id": 5, "lat": 91.0, "lon": 0.0}, *WHOLE["elements"]],
        [{"type": "node", "id": 5, "lat": "44", "lon": "-92"}, *WHOLE["elements"]],
        [*WHOLE["elements"][:-1], {"type": "count", "id": 0, "tags": {"total": "many"}}],
        [*WHOLE["elements"][:-1], {"type": "count", "id": 0}],
    ],
)
def test_what_is_not_as_it_should_be_is_a_failure(elements):
    with pytest.raises(SourceFailed, match="not what it should be"):
        around({**WHOLE, "elements": elements})


@pytest.mark.parametrize(
    ("written", "known"), [("64", 64), ("0", 0), ("about 40", None), ("-3", None), ("", None), ("9" * 9, None)]
)
def test_a_capacity_counts_where_it_is_a_number(written, known):
    centre = {"type": "node", "id": 1, "lat": 44.0, "lon": -92.0, "tags": {"capacity": written}}
    found = around({**WHOLE, "elements": [centre, *WHOLE["elements"][-3:]]})
    assert [each.capacity for each in found.providers] == [known]


@given(body=st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_anything_else_is_a_failure_and_nothing_worse(body):
    with pytest.raises(SourceFailed):
        read(body, no_more)


@given(
    extra=st.dictionaries(
        st.text(min_size=1, max_size=10).filter(lambda name: name not in WHOLE), json_values, max_size=3
    )
)
def test_fields_that_nobody_asked_for_change_nothing(extra):
    assert around({**WHOLE, **extra}) == around(WHOLE)


@given(where=st.sampled_from(["osm3s", "elements"]), wrong=json_values)
def test_a_field_of_another_type_is_a_failure(where, wrong):
    if isinstance(wrong, list) and where == "elements":
        return
    if isinstance(wrong, dict) and where == "osm3s":
        return
    with pytest.raises(SourceFailed):
        around({**WHOLE, where: wrong})


@given(
    places=st.lists(
        st.tuples(st.floats(-90, 90), st.floats(-180, 180), st.none() | st.integers(0, 99_999)), max_size=8
    ),
    totals=st.tuples(*[st.integers(0, 10**6)] * 3),
)
def test_what_the_map_has_comes_through_and_survives_the_cache(places, totals):
    nodes = [
        {"type": "node", "id": at, "lat": lat, "lon": lon, "tags": {} if slots is None else {"capacity": str(slots)}}
        for at, (lat, lon, slots) in enumerate(places)
    ]
    counts = [{"type": "count", "id": 0, "tags": {"total": str(each)}} for each in totals]
    found = around({**WHOLE, "elements": [*nodes, *counts]})
    assert [(each.lat, each.lon, each.capacity) for each in found.providers] == places
    assert (found.schools, found.parks, found.stops) == totals
    assert msgspec.json.decode(msgspec.json.encode(found), type=SOURCE.kept) == found


def test_the_question_is_about_the_radius_in_metres_and_providers_reach_at_least_three_miles():
    near, far = (SOURCE.query(site(radius)).form["data"] for radius in (1.0, 10.0))
    assert near.count("(around:4828,44.0777,-92.4971)") == 1
    assert near.count("(around:1609,44.0777,-92.4971)") == 4
    assert far.count("(around:16093,44.0777,-92.4971)") == 5
    assert near.startswith("[out:json][timeout:8];")
    assert near.count("out count;") == 3


def test_neighbours_ask_the_same():
    one, other = SOURCE.query(site(lat=44.07766)), SOURCE.query(site(lat=44.07768))
    assert isinstance(one, Request)
    assert one == other
