"""The weather service is asked thrice below its own address; what is in force and forecast is read as it is meant."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.errors import SourceFailed, SourceSilent
from brightspot.locations.collectors.live.source import Request
from brightspot.locations.collectors.live.sources.nws import SOURCE, read
from tests.unit.locations.live.asking import Asked, recorded, site

POINT, FORECAST, ALERTS = (recorded(f"nws_{name}.json") for name in ("points", "forecast", "alerts"))
NIGHT, DAY, _ = FORECAST["properties"]["periods"]


def told(point=POINT, forecast=FORECAST, alerts=ALERTS):
    ask = Asked(SOURCE.query(site()), {"/gridpoints/": forecast, "/alerts/": alerts})
    in_force, high = read(json.dumps(point).encode(), ask)
    assert (in_force.point, high.point) == ("active_weather_alerts", "forecast_high_temperature")
    return in_force, high, ask


def grid(**changed):
    return {**POINT, "properties": {**POINT["properties"], **changed}}


def periods(*each):
    return {**FORECAST, "properties": {**FORECAST["properties"], "periods": list(each)}}


def alerts(*properties):
    return {**ALERTS, "features": [{"properties": {"event": "Some Statement", **each}} for each in properties]}


def test_the_recorded_answers():
    in_force, high, _ = told()
    assert (in_force.value, in_force.label) == (2, "Winter Storm Warning (severe)")
    assert in_force.vintage == "2026-11-22T23:40:00+00:00"
    assert (high.value, high.label, high.kind) == (34, "Monday: Chance Light Snow", "estimated")
    assert high.vintage == "2026-11-22T23:42:44+00:00"


def test_the_questions_are_about_the_grid_cell_and_the_point():
    _, _, ask = told()
    assert ask.first == Request("/points/44.078,-92.497")
    assert ask.asked == [
        Request("/gridpoints/ARX/39,77/forecast"),
        Request("/alerts/active", {"point": "44.078,-92.497"}),
    ]


def test_whatever_address_the_answer_names_only_its_grid_is_asked_for():
    _, _, ask = told(grid(forecast="http://169.254.169.254/latest/meta-data", forecastHourly="file:///etc/passwd"))
    assert [each.path for each in ask.asked] == ["/gridpoints/ARX/39,77/forecast", "/alerts/active"]


@pytest.mark.parametrize(
    "changed",
    [
        {"gridId": "../../alerts"},
        {"gridId": "arx"},
        {"gridId": "ARX\n"},
        {"gridId": "ARXX"},
        {"gridId": "AR/"},
        {"gridId": ""},
        {"gridX": -1},
        {"gridY": 10_000},
        {"gridX": "39"},
        {"gridY": 7.5},
    ],
)
def test_a_grid_that_is_none_is_a_failure_and_nothing_more_is_asked(changed):
    ask = Asked(SOURCE.query(site()))
    with pytest.raises(SourceFailed, match="not what it should be"):
        read(json.dumps(grid(**changed)).encode(), ask)
    assert ask.asked == []


@pytest.mark.parametrize("name", ["gridId", "gridX", "gridY"])
def test_a_place_without_a_grid_has_no_forecast_which_is_no_failure(name):
    with pytest.raises(SourceSilent, match="no forecast for this place"):
        told(grid(**{name: None}))


@pytest.mark.parametrize(
    ("lat", "lon", "path"),
    [
        (44.1, -92.5, "/points/44.1,-92.5"),
        (30.0, -85.0, "/points/30,-85"),
        (44.07766, -170.70049, "/points/44.078,-170.7"),
        (13.444, 144.794, "/points/13.444,144.794"),
        (-14.3064, -170.6960, "/points/-14.306,-170.696"),
    ],
)
def test_a_coordinate_has_few_decimals_and_no_zeros_at_its_end(lat, lon, path):
    assert SOURCE.query(site(lat, lon)).path == path


def test_neighbours_ask_the_same():
    assert SOURCE.query(site(lat=44.0776)) == SOURCE.query(site(lat=44.0784))


def test_no_alert_is_an_answer():
    in_force, _, _ = told(alerts=alerts())
    assert (in_force.value, in_force.label, in_force.reason) == (0, None, None)


@pytest.mark.parametrize(
    ("given", "count", "label"),
    [
        ([{"severity": "Minor"}, {"severity": "Extreme", "event": "Tornado Warning"}], 2, "Tornado Warning (extreme)"),
        ([{"severity": "Unknown"}, {"severity": "Minor", "event": "B"}], 2, "B (minor)"),
        ([{"severity": "Novel"}, {"event": "B"}], 2, "Some Statement (novel)"),
        (
            [
                {"severity": "Severe", "urgency": "Future"},
                {"severity": "Severe", "urgency": "Immediate", "event": "Flash Flood Warning"},
            ],
            2,
            "Flash Flood Warning (severe)",
        ),
        ([{"severity": "Minor"}, {"severity": "Extreme", "status": "Test"}], 1, "Some Statement (minor)"),
        ([{"severity": "Extreme", "status": "Exercise"}], 0, None),
        ([{"severity": "Extreme", "messageType": "Cancel"}], 0, None),
        ([{"severity": "Minor", "messageType": "Update"}], 1, "Some Statement (minor)"),
    ],
)
def test_what_is_in_force_counts_and_the_worst_of_it_is_named(given, count, label):
    in_force, _, _ = told(alerts=alerts(*given))
    assert (in_force.value, in_force.label) == (count, label)


def test_alerts_without_a_time_are_of_the_forecasts():
    in_force, high, _ = told(alerts={"features": []})
    assert in_force.vintage == high.vintage


@pytest.mark.parametrize(
    ("each", "value"),
    [
        ([DAY, NIGHT], 34),
        ([NIGHT, {**DAY, "temperature": 0}], 0),
        ([{**DAY, "temperature": 10, "temperatureUnit": "C"}], 50),
        ([{**DAY, "temperature": -40, "temperatureUnit": "C"}], -40),
    ],
)
def test_the_high_is_of_the_next_day_in_fahrenheit(each, value):
    assert told(forecast=periods(*each))[1].value == value


@pytest.mark.parametrize("each", [[], [NIGHT], [{**DAY, "temperature": None}]])
def test_a_forecast_without_a_day_is_unknown(each):
    high = told(forecast=periods(*each))[1]
    assert (high.value, high.reason) == (None, "the forecast has no temperature for a day")


@pytest.mark.parametrize(("name", "words", "label"), [("", "Sunny", "Sunny"), ("Today", "", "Today"), ("", "", None)])
def test_the_label_says_what_there_is(name, words, label):
    assert told(forecast=periods({**DAY, "name": name, "shortForecast": words}))[1].label == label


@pytest.mark.parametrize(
    "forecast",
    [
        {},
        {"properties": {}},
        periods({**DAY, "temperature": {"unitCode": "wmoUnit:degC", "value": 3}}),
        periods({**DAY, "temperatureUnit": "K"}),
        periods({**DAY, "isDaytime": None}),
        {"@context": {}, "periods": FORECAST["properties"]["periods"]},  # JSON-LD, which nobody asked for
    ],
)
def test_a_forecast_that_is_none_is_a_failure(forecast):
    with pytest.raises(SourceFailed, match="not what it should be"):
        told(forecast=forecast)


@pytest.mark.parametrize("given", [{}, {"features": None}, {"features": [{}]}, {"@graph": []}])
def test_alerts_that_are_none_are_a_failure_and_never_calm(given):
    with pytest.raises(SourceFailed, match="not what it should be"):
        told(alerts=given)


words = st.text(max_size=12)


@given(
    many=st.lists(st.fixed_dictionaries({"event": words, "severity": words, "urgency": words}), max_size=5),
    temperature=st.none() | st.integers(-100, 150),
)
def test_whatever_is_said_comes_through_and_survives_the_cache(many, temperature):
    in_force, high, _ = told(alerts=alerts(*many), forecast=periods({**DAY, "temperature": temperature}))
    assert (in_force.value, high.value) == (len(many), temperature)
    assert (in_force.label is None) == (not many)
    found = [in_force, high]
    assert msgspec.json.decode(msgspec.json.encode(found), type=SOURCE.kept) == found
