"""What EPA, BLS, Open-Meteo and NHTSA tell of a site's surroundings stands in the answer with provenance and label."""

import json

import pytest

from brightspot import operations
from brightspot.locations.collectors.live.registry import source_of
from tests.integration.live import stub

# By source: the collector, and what its recorded answer comes to.
TOLD = {
    "bls": (
        "economy",
        {
            "county_unemployment_rate": (2.6, "percent", "2026-09 (preliminary)", "county", "observed"),
            "county_unemployment_change_1y": (0.2, "percentage points", "2026-09 (preliminary)", "county", "derived"),
        },
    ),
    "epa_tri": (
        "environment",
        {
            "toxic_release_facilities": (3, "facilities", "current register", "zip", "observed"),
            "nearest_toxic_release_facility_miles": (1.34, "miles", "current register", "site", "derived"),
        },
    ),
    "fars": (
        "safety",
        {
            "fatal_crashes_per_100k_people": (0.9, "per 100000 people a year", "2019-2023", "county", "derived"),
            "traffic_deaths_5y": (10, "deaths", "2019-2023", "county", "observed"),
        },
    ),
    "open_meteo": (
        "environment",
        {
            "air_quality_index_now": (58, "US AQI", "2026-11-21T14:00Z", "county", "estimated"),
            "pm2_5_now": (14.2, "µg/m³", "2026-11-21T14:00Z", "county", "estimated"),
            "elevation_feet": (1027, "feet", "Copernicus DEM GLO-90", "site", "estimated"),
        },
    ),
}


def told(answer, source):
    return answer["performance"]["live"][source]


@pytest.mark.parametrize("source", TOLD)
def test_its_points_stand_with_their_own_provenance_and_credit(provider, switch_on, analyze, points, source):
    collector, expected = TOLD[source]
    facts = source_of(source).facts
    switch_on(source)
    answer = analyze("55901")[1]
    assert told(answer, source)["way"] == "live"
    assert set(expected) == set(facts.gives)
    for name, (value, unit, vintage, level, kind) in expected.items():
        seen = points(answer)[name]
        assert seen["value"] == pytest.approx(value)
        assert (seen["unit"], seen["vintage"], seen["level"], seen["kind"]) == (unit, vintage, level, kind)
        assert seen["source"] == facts.name
    (credit,) = [each for each in answer["sources"] if each["name"] == facts.name]
    assert (credit["licence"], credit["credit"]) == (facts.licence, facts.credit)
    assert answer["performance"]["collectors"][collector]["source"] == f"embedded, {source} (live)"
    assert expected.keys().isdisjoint(each["point"] for each in answer["missing"])
    assert len(provider.of(source)) == 1


@pytest.mark.parametrize("source", ["epa_tri", "fars", "open_meteo"])
def test_what_has_no_distribution_is_context_and_moves_no_score(provider, switch_on, analyze, points, source):
    embedded = analyze("55901")[1]
    switch_on(source)
    answer = analyze("55901")[1]
    for name in TOLD[source][1]:
        seen = points(answer)[name]
        assert (seen["direction"], seen["percentile"], seen["contribution"]) == ("context", None, 0.0)
    assert (answer["overall_score"], answer["confidence"]) == (embedded["overall_score"], embedded["confidence"])


def test_labels_say_what_a_number_means(provider, switch_on, analyze, points):
    switch_on("open_meteo", "epa_tri")
    seen = points(analyze("55901")[1])
    assert seen["air_quality_index_now"]["label"] == "Moderate"
    nearest = seen["nearest_toxic_release_facility_miles"]
    assert nearest["label"] == "NORTHFIELD CIRCUITS INC (1 of 3 have no usable position)"
    assert nearest["bound"] == "at_most"
    assert "label" not in seen["pm2_5_now"]


def test_the_newest_rate_takes_the_place_of_the_survey_and_is_ranked_by_it(provider, switch_on, analyze, points):
    embedded = points(analyze("55901")[1])["county_unemployment_rate"]
    switch_on("bls")
    live = points(analyze("55901")[1])
    rate, change = live["county_unemployment_rate"], live["county_unemployment_change_1y"]
    assert (embedded["value"], embedded["vintage"]) == (3.0, "2015-2019")
    assert rate["direction"] == embedded["direction"] == "lower_is_better"
    assert rate["percentile"] < embedded["percentile"]
    assert rate["contribution"] > embedded["contribution"]
    assert (change["direction"], change["contribution"]) == ("context", 0.0)


def test_a_used_up_limit_is_not_asked_again_and_opens_the_breaker(provider, switch_on, analyze, points, monkeypatch):
    monkeypatch.setenv("ANALYSIS_CACHE_TTL_HOURS", "0")
    provider.answer("bls", "bls_limit.json")
    embedded = points(analyze("55901")[1])
    switch_on("bls", CIRCUIT_BREAKER_THRESHOLD="2")
    for _ in range(4):
        answer = analyze("55901")[1]
    assert len(provider.of("bls")) == 2
    assert operations.breaker_states()["bls"].state == "open"
    assert points(answer) == embedded


@pytest.mark.parametrize("source", ["bls", "fars"])
def test_a_county_that_it_does_not_count_by_is_not_asked_for(provider, switch_on, analyze, points, source):
    switch_on(source)
    answer = analyze("Hartford, CT 06103")[1]
    assert provider.asked == []
    assert told(answer, source)["way"] == "silent"
    assert "Connecticut" in told(answer, source)["reason"]
    missing = {each["point"]: each["reason"] for each in answer["missing"]}
    assert all("Connecticut" in missing[name] for name in TOLD[source][1] if name not in points(answer))


def test_questions_name_the_place_as_the_provider_knows_it(provider, switch_on, analyze):
    switch_on(*TOLD)
    analyze("55901")
    (bls,), (epa,), (fars,), (air,) = (provider.of(source) for source in TOLD)
    assert bls.path.endswith("/timeseries/data/LAUCN271090000000003")
    assert epa.path.endswith("/tri_facility/zip_code/=/55901/rows/0:999/JSON")
    assert (fars.query["state"], fars.query["county"]) == (["27"], ["109"])
    assert (air.query["current"], len(air.query["latitude"][0].partition(".")[2])) == (["us_aqi,pm2_5"], 3)
    assert fars.headers["User-Agent"].startswith("Mozilla/5.0 (compatible; Brightspot/")
    assert bls.headers["User-Agent"].startswith("Brightspot/")
    assert [each.source for each in provider.asked if "secret-key" in str(each.query)] == ["open_meteo"]


def test_a_key_that_is_optional_is_sent_where_there_is_one_and_else_the_question_goes_without(
    provider, switch_on, analyze
):
    for key in ("secret-key", ""):
        switch_on("open_meteo", LIVE_OPEN_METEO_KEY=key)
        assert told(analyze("55901")[1], "open_meteo")["way"] == "live"
    assert [each.query.get("apikey") for each in provider.of("open_meteo")] == [["secret-key"], None]


def test_the_largest_answer_of_crashes_is_read_whole_and_called_a_lower_bound(provider, switch_on, analyze, points):
    answer = json.loads((stub.RECORDED / "fars.json").read_bytes())
    crash = answer["Results"][0][0]
    answer["Results"] = [[{**crash, "ST_CASE": str(at)} for at in range(5_000)]]
    provider.replaced["fars"] = json.dumps(answer).encode()
    switch_on("fars")
    seen = points(analyze("Los Angeles, CA 90012")[1])
    assert (seen["traffic_deaths_5y"]["value"], seen["traffic_deaths_5y"]["bound"]) == (5_000, "at_least")
    assert seen["fatal_crashes_per_100k_people"]["bound"] == "at_least"


def test_a_zip_without_facilities_is_a_zero_and_no_distance(provider, switch_on, analyze, points):
    provider.replaced["epa_tri"] = b"[]"
    switch_on("epa_tri")
    answer = analyze("55901")[1]
    assert points(answer)["toxic_release_facilities"]["value"] == 0
    missing = {each["point"]: each["reason"] for each in answer["missing"]}
    assert missing["nearest_toxic_release_facility_miles"].startswith("the ZIP has no such facility")


def test_an_error_in_place_of_air_is_a_failure_with_its_reason(provider, switch_on, analyze):
    provider.replaced["open_meteo"] = b'{"error": true, "reason": "Hourly API request limit exceeded."}'
    switch_on("open_meteo")
    outcome = told(analyze("55901")[1], "open_meteo")
    assert (outcome["way"], outcome["reason"]) == ("embedded", "it refused (Hourly API request limit exceeded.)")
