"""Air now: a null is unknown, the index has EPA's name, metres become feet, an error is never an answer."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.locations.collectors.live.sources.open_meteo import SOURCE, Air, category, read
from brightspot.locations.collectors.seam import Site
from brightspot.locations.place import Place

WHOLE = json.loads((Path(__file__).parents[3] / "integration/live/recorded/open_meteo.json").read_bytes())


def no_more(_):
    raise AssertionError("one answer says it all")


def air(now=None, **changed):
    return read(json.dumps({**WHOLE, "current": {**WHOLE["current"], **(now or {})}, **changed}).encode(), no_more)


def found(told):
    return {each.point: each for each in SOURCE.found(told, site(), None)}


def site(lat=44.07766, lon=-92.49706):
    place = Place(lat, lon, "55901", "Rochester", "MN", None, 27109, None, 55901, "zip_centroid", 3.0, (), (), "x")
    return Site(place, 3.0)


def test_the_recorded_answer():
    told = found(air())
    index, particles, feet = told.values()
    assert (index.value, index.label, index.vintage) == (58, "Moderate", "2026-11-21T14:00Z")
    assert (index.level, index.kind) == ("county", "estimated")
    assert (particles.value, particles.label, particles.kind) == (14.2, None, "estimated")
    assert (feet.value, feet.level, feet.vintage) == (1027, "site", "Copernicus DEM GLO-90")


@pytest.mark.parametrize(
    ("index", "name"),
    [
        (0, "Good"),
        (50, "Good"),
        (50.4, "Good"),
        (51, "Moderate"),
        (100, "Moderate"),
        (101, "Unhealthy for Sensitive Groups"),
        (150, "Unhealthy for Sensitive Groups"),
        (151, "Unhealthy"),
        (200, "Unhealthy"),
        (201, "Very Unhealthy"),
        (300, "Very Unhealthy"),
        (301, "Hazardous"),
        (900, "Hazardous"),
    ],
)
def test_the_index_has_epas_name(index, name):
    assert category(index) == name


def test_what_is_null_or_left_out_is_unknown_and_costs_nothing_else():
    told = found(air({"us_aqi": None}, elevation=None))
    assert [each.value for each in told.values()] == [None, 14.2, None]
    assert told["air_quality_index_now"].label is None
    assert all((each.value is None) == (each.reason is not None) for each in told.values())
    now = {"time": WHOLE["current"]["time"]}
    body = json.dumps({"current": now}).encode()
    assert read(body, no_more) == Air("2026-11-21T14:00Z", None, None, None)


@pytest.mark.parametrize(("metres", "feet"), [(0.0, 0), (-86.0, -282), (1609.344, 5280)])
def test_metres_become_feet(metres, feet):
    assert found(air(elevation=metres))["elevation_feet"].value == feet


def test_an_error_is_a_failure_with_its_reason():
    with pytest.raises(SourceFailed, match=r"it refused \(Daily API request limit exceeded"):
        read(b'{"error": true, "reason": "Daily API request limit exceeded. Please try again tomorrow."}', no_more)


@pytest.mark.parametrize(
    "changed",
    [
        {"current": None},
        {"now": {"us_aqi": -1}},
        {"now": {"us_aqi": "58"}},
        {"now": {"pm2_5": -0.1}},
        {"elevation": 9_001.0},
        {"elevation": -1e300},
        {"now": {"time": "yesterday"}},
        {"now": {"time": "2026-11-21T14:00+01:00"}},
        {"now": {"time": 1_780_000_000}},
        {"utc_offset_seconds": 28_800},
    ],
)
def test_what_is_not_as_it_should_be_is_a_failure(changed):
    with pytest.raises(SourceFailed, match="not what it should be"):
        air(**changed)


@given(body=st.binary(max_size=200) | st.lists(st.text(max_size=9), max_size=4).map(json.dumps).map(str.encode))
def test_anything_else_is_a_failure_and_nothing_worse(body):
    with pytest.raises(SourceFailed):
        read(body, no_more)


@given(
    index=st.none() | st.floats(0, 999),
    particles=st.none() | st.floats(0, 9999),
    metres=st.none() | st.floats(-90, 8850),
)
def test_what_it_tells_comes_through_and_survives_the_cache(index, particles, metres):
    told = air({"us_aqi": index, "pm2_5": particles}, elevation=metres)
    assert told == Air("2026-11-21T14:00Z", index, particles, metres)
    assert msgspec.json.decode(msgspec.json.encode(told), type=SOURCE.kept) == told


def test_neighbours_ask_the_same_and_the_next_street_another_question():
    asked = SOURCE.query(site())
    assert asked.query == {
        "latitude": "44.078",
        "longitude": "-92.497",
        "current": "us_aqi,pm2_5",
        "timezone": "GMT",
    }
    assert SOURCE.query(site(lat=44.07771)) == asked
    assert SOURCE.query(site(lat=44.0799)) != asked


def test_its_terms_say_who_may_not_use_it():
    assert "NON-COMMERCIAL" in SOURCE.facts.terms
    assert [str(each) for each in SOURCE.facts.limits] == ["600 per 1 minute", "5000 per 1 hour", "10000 per 1 day"]
