"""The earthquake catalogue counts and names the strongest: two small questions instead of a long list."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.errors import SourceFailed
from brightspot.locations.collectors.live.sources.usgs import SOURCE, read
from tests.unit.locations.live.asking import Asked, recorded, site

COUNT, WHOLE = recorded("usgs_count.json"), recorded("usgs_query.json")


def events(*properties):
    return {**WHOLE, "features": [{"type": "Feature", "properties": each} for each in properties]}


def told(count=COUNT, listed=WHOLE):
    ask = Asked(SOURCE.query(site()), {"/query": listed})
    number, strongest = read(json.dumps(count).encode(), ask)
    assert (number.point, strongest.point) == ("earthquakes_since_1976", "strongest_earthquake_since_1976")
    return number, strongest, ask


def test_the_recorded_answers():
    number, strongest, _ = told()
    assert number.value == 7
    assert (strongest.value, strongest.label) == (4.6, "12 km N of Somewhere, Minnesota, 2018-09-22")
    assert number.vintage == strongest.vintage == "since 1976-01-01"


def test_the_questions_are_a_count_and_one_event_of_the_same_circle():
    _, _, ask = told()
    (second,) = ask.asked
    assert (ask.first.path, second.path) == ("/count", "/query")
    assert ask.first.query == {
        "format": "geojson",
        "latitude": "44.08",
        "longitude": "-92.50",
        "maxradiuskm": "100",
        "minmagnitude": "3",
        "starttime": "1976-01-01",
        "eventtype": "earthquake",
    }
    assert second.query == {**ask.first.query, "orderby": "magnitude", "limit": "1"}


def test_where_there_was_none_the_strongest_is_unknown_and_not_asked_for():
    number, strongest, ask = told({"count": 0, "maxAllowed": 20000})
    assert (number.value, strongest.value) == (0, None)
    assert "no earthquake of magnitude 3 or more" in strongest.reason
    assert ask.asked == []


def test_a_count_beyond_what_a_list_may_hold_is_a_count():
    assert told({"count": 31_415, "maxAllowed": 20000})[0].value == 31_415


def test_a_magnitude_that_is_not_known_is_passed_over():
    listed = events({"mag": None, "place": "here"}, {"mag": 3.4, "place": "there"}, {"mag": 3.1, "place": "anywhere"})
    assert (told(listed=listed)[1].value, told(listed=listed)[1].label) == (3.4, "there")


@pytest.mark.parametrize(
    ("listed", "reason"),
    [(events({"mag": None}), "has no magnitude for it"), (events(), "counts some and lists none")],
)
def test_a_strongest_without_a_magnitude_is_unknown(listed, reason):
    strongest = told(listed=listed)[1]
    assert strongest.value is None
    assert reason in strongest.reason


@pytest.mark.parametrize(
    ("event", "label"),
    [
        ({"mag": 5}, None),
        ({"mag": 5, "place": None, "time": None}, None),
        ({"mag": 5, "place": "Here"}, "Here"),
        ({"mag": 5, "time": 0}, "1970-01-01"),
        ({"mag": 5, "time": -1}, "1969-12-31"),
        ({"mag": 5, "place": "Here", "time": 10**17}, "Here"),
    ],
)
def test_the_label_says_where_and_when_as_far_as_known(event, label):
    assert told(listed=events(event))[1].label == label


@pytest.mark.parametrize("magnitude", [2.9, -1, 10.1, 1e9])
def test_a_magnitude_that_was_not_asked_for_is_a_failure(magnitude):
    with pytest.raises(SourceFailed, match="not what it should be"):
        told(listed=events({"mag": magnitude}))


@pytest.mark.parametrize("count", [{}, {"count": -1}, {"count": "7"}, {"count": 1.5}, {"count": None}, 7, []])
def test_a_count_that_is_none_is_a_failure(count):
    with pytest.raises(SourceFailed, match="not what it should be"):
        told(count)


@pytest.mark.parametrize("listed", [{}, {"features": None}, {"features": [{}]}, events({"place": "here"}), []])
def test_a_list_that_is_none_is_a_failure(listed):
    with pytest.raises(SourceFailed, match="not what it should be"):
        told(listed=listed)


def test_neighbours_ask_the_same():
    assert SOURCE.query(site(lat=44.0766, lon=-92.4971)) == SOURCE.query(site(lat=44.0812, lon=-92.5043))


@given(magnitudes=st.lists(st.none() | st.floats(3, 9.5), max_size=6), when=st.datetimes(timezones=st.just(UTC)))
def test_the_strongest_is_the_greatest_known_and_survives_the_cache(magnitudes, when):
    since_1970 = round((when - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
    number, strongest, _ = told(listed=events(*({"mag": each, "time": since_1970} for each in magnitudes)))
    assert strongest.value == max((each for each in magnitudes if each is not None), default=None)
    assert (strongest.value is None) == (strongest.reason is not None)
    found = [number, strongest]
    assert msgspec.json.decode(msgspec.json.encode(found), type=SOURCE.kept) == found
