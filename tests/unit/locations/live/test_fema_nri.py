"""The risk index says scores and ratings by county; what it does not rate is unknown and never a low risk."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brightspot.locations.collectors.live.errors import SourceFailed, SourceSilent
from brightspot.locations.collectors.live.sources.fema_nri import FACTS, SOURCE, read
from tests.unit.locations.live.asking import Asked, recorded, site

WHOLE = recorded("fema_nri.json")
ROW = WHOLE["features"][0]["attributes"]
RATINGS = ["Very Low", "Relatively Low", "Relatively Moderate", "Relatively High", "Very High"]


def points(**changed):
    answer = {"features": [{"attributes": {**ROW, **changed}}]}
    found = read(json.dumps(answer).encode(), Asked(SOURCE.query(site())))
    return {each.point: each for each in found}


def test_the_recorded_answer():
    found = points()
    assert {name: each.value for name, each in found.items()} == {
        "natural_hazard_risk_score": 7.41,
        "natural_hazard_annual_loss": 401271.48,
        "social_vulnerability_score": 23.09,
        "community_resilience_score": 94.56,
        "inland_flood_risk": 1,
        "tornado_risk": 3,
        "wildfire_risk": None,
        "heat_wave_risk": 3,
        "winter_weather_risk": 4,
    }
    assert found["tornado_risk"].label == "Relatively Moderate"
    assert {(each.vintage, each.level, each.kind) for each in found.values()} == {
        ("December 2025", "county", "estimated")
    }
    assert set(found) == set(FACTS.gives)


@pytest.mark.parametrize(("rating", "code"), [*zip(RATINGS, range(1, 6), strict=True)])
def test_a_rating_is_a_code_and_its_label(rating, code):
    found = points(WFIR_RISKR=rating)["wildfire_risk"]
    assert (found.value, found.label, found.reason) == (code, rating, None)


@pytest.mark.parametrize("said", ["No Rating", "Not Applicable", "Insufficient Data", "Catastrophic", "very low", "3"])
def test_what_is_no_rating_is_unknown_and_says_what_the_index_says(said):
    found = points(HWAV_RISKR=said)["heat_wave_risk"]
    assert (found.value, found.label) == (None, None)
    assert found.reason == f"the index says {said!r} for this county"


@pytest.mark.parametrize("said", [None, ""])
def test_no_word_at_all_is_unknown(said):
    found = points(IFLD_RISKR=said)["inland_flood_risk"]
    assert (found.value, found.reason) == (None, "the index does not rate this county")


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("RISK_SCORE", "natural_hazard_risk_score"),
        ("EAL_VALT", "natural_hazard_annual_loss"),
        ("SOVI_SCORE", "social_vulnerability_score"),
        ("RESL_SCORE", "community_resilience_score"),
    ],
)
def test_no_figure_is_unknown_and_not_zero(name, point):
    found = points(**{name: None})
    assert (found[point].value, found[point].reason) == (None, "the index has no figure for this county")
    assert points(**{name: 0})[point].value == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"RISK_SCORE": 100.5},
        {"SOVI_SCORE": -0.1},
        {"EAL_VALT": -1},
        {"RESL_SCORE": "94.5"},
        {"TRND_RISKR": 3},
        {"NRI_VER": None},
    ],
)
def test_what_is_not_as_it_should_be_is_a_failure(changed):
    with pytest.raises(SourceFailed, match="not what it should be"):
        points(**changed)


def test_the_name_that_inland_flooding_had_before_is_a_failure_and_not_a_county_without_floods():
    old = {"RFLD_RISKR" if name == "IFLD_RISKR" else name: value for name, value in ROW.items()}
    with pytest.raises(SourceFailed, match="IFLD_RISKR"):
        read(json.dumps({"features": [{"attributes": old}]}).encode(), None)


def test_two_counties_are_a_failure():
    with pytest.raises(SourceFailed, match="2 counties"):
        read(json.dumps({"features": WHOLE["features"] * 2}).encode(), None)


def test_a_county_that_the_index_does_not_have_is_unknown():
    found = read(b'{"features": []}', None)
    assert {each.point for each in found} == set(FACTS.gives)
    assert {(each.value, each.reason) for each in found} == {(None, "the index does not have this county")}


@pytest.mark.parametrize(
    ("fips", "asked"),
    [
        (27109, "STCOFIPS='27109'"),
        (1001, "STCOFIPS='01001'"),
        (9_110_003, "STCOFIPS='09110'"),
        (9_190_001, "STCOFIPS='09190'"),
    ],
)
def test_the_question_names_the_county_and_in_connecticut_the_planning_region(fips, asked):
    request = SOURCE.query(site(county_fips=fips))
    assert request.query["where"] == asked
    assert set(request.query["outFields"].split(",")) == set(ROW)


def test_a_place_without_a_county_is_not_asked_for():
    with pytest.raises(SourceSilent, match="county of the place is unknown"):
        SOURCE.query(site(county_fips=None))


@given(changed=st.dictionaries(st.sampled_from(sorted(ROW)), st.none() | st.floats(0, 100) | st.text(max_size=12)))
def test_whatever_a_row_says_a_value_is_in_its_bounds_or_unknown_with_a_reason(changed):
    try:
        found = points(**changed)
    except SourceFailed:
        return
    for name, each in found.items():
        assert (each.value is None) == (each.reason is not None)
        assert each.value is None or 0 <= each.value <= (5 if FACTS.gives[name] == "rating 1 to 5" else 10**12)
    told = list(found.values())
    assert msgspec.json.decode(msgspec.json.encode(told), type=SOURCE.kept) == told
