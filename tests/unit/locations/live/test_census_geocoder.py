"""The geocoder's matches come through as they are; no match is an answer, and nonsense is a failure."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.errors import SourceFailed, SourceSilent
from brightspot.locations.collectors.live.sources.census_geocoder import SOURCE, Spot, read
from brightspot.locations.collectors.seam import Site
from brightspot.locations.place import Place

RECORDED = Path(__file__).parents[3] / "integration" / "live" / "recorded"


def no_more(_):
    raise AssertionError("one answer says it all")


def matches(*each):
    return json.dumps({"result": {"addressMatches": each}}).encode()


def match(lat, lon, **changed):
    whole = {
        "matchedAddress": "10 MAIN ST",
        "coordinates": {"x": lon, "y": lat},
        "addressComponents": {"state": "MN", "zip": "55901"},
    }
    return whole | changed


def test_the_recorded_answer():
    (spot,) = read((RECORDED / "census_geocoder.json").read_bytes(), no_more)
    address = "1600 PENNSYLVANIA AVE NW, WASHINGTON, DC, 20502"
    assert spot == Spot(38.898754, -77.03535, address, "DC", "20502")


def test_no_match_is_an_answer():
    assert read((RECORDED / "census_geocoder_none.json").read_bytes(), no_more) == []


@given(places=st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=5))
def test_every_match_comes_through(places):
    found = read(matches(*(match(*each) for each in places)), no_more)
    assert [(each.lat, each.lon) for each in found] == places


@pytest.mark.parametrize(
    "body",
    [
        matches(match(91.0, 0.0)),
        matches(match(44.0, 181.0)),
        matches(match(44.0, -92.0, coordinates={"x": "-92", "y": "44"})),
        matches(match(44.0, -92.0, coordinates=None)),
        matches(match(44.0, -92.0, addressComponents={"state": "MN"})),
        b'{"result": {}}',
        b'{"errors": ["Benchmark not found"], "status": "400"}',
        b"<html>",
    ],
)
def test_what_is_not_as_it_should_be_is_a_failure(body):
    with pytest.raises(SourceFailed):
        read(body, no_more)


@given(body=st.binary(max_size=200))
def test_anything_else_is_a_failure_and_nothing_worse(body):
    with pytest.raises(SourceFailed):
        read(body, no_more)


def site(street, precision="zip_centroid"):
    place = Place(44.0, -92.0, "55901", "Rochester", "MN", None, None, None, 55901, precision, 3.0, (), (), "x", street)
    return Site(place, 0.0)


def test_only_a_street_is_asked_for():
    with pytest.raises(SourceSilent, match="no street"):
        SOURCE.query(site(None))


def test_a_zip_that_is_our_guess_is_not_sent():
    assert SOURCE.query(site("10 Main St")).query["zip"] == "55901"
    assert "zip" not in SOURCE.query(site("10 Main St", "city_centroid")).query
