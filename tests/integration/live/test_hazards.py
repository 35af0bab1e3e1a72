"""Flood zone, natural hazards, earthquakes and weather stand in an analysis with their own source, time and credit."""

import pytest

from brightspot import VERSION
from brightspot.locations.collectors.live.registry import source_of
from tests.integration.live import stub

HAZARDS = ("fema_nfhl", "fema_nri", "nws", "usgs")
SECOND = {"nws": "/gridpoints/", "usgs": "/query"}


def only(part, fault):
    """The fault for questions to paths with this part, a plain answer for the others."""

    def answer(handler, body):
        (fault if part in handler.path else stub.plain)(handler, body)

    return answer


def way(answer, source):
    return answer["performance"]["live"][source]["way"]


@pytest.mark.parametrize(
    ("source", "point", "told"),
    [
        (
            "fema_nfhl",
            "flood_zone",
            {
                "value": 1,
                "unit": "1 or 0",
                "vintage": "effective map 27109C",
                "level": "site",
                "kind": "estimated",
                "label": "AE, floodway; at the middle of the ZIP, not at a street",
            },
        ),
        (
            "fema_nfhl",
            "base_flood_elevation_feet",
            {
                "value": 1012.5,
                "unit": "feet",
                "vintage": "effective map 27109C",
                "level": "site",
                "kind": "estimated",
                "label": "above NAVD88",
            },
        ),
        (
            "fema_nri",
            "tornado_risk",
            {
                "value": 3,
                "unit": "rating 1 to 5",
                "vintage": "December 2025",
                "level": "county",
                "kind": "estimated",
                "label": "Relatively Moderate",
            },
        ),
        (
            "usgs",
            "strongest_earthquake_since_1976",
            {
                "value": 4.6,
                "unit": "magnitude",
                "vintage": "since 1976-01-01",
                "level": "site",
                "kind": "observed",
                "label": "12 km N of Somewhere, Minnesota, 2018-09-22",
            },
        ),
        (
            "nws",
            "active_weather_alerts",
            {
                "value": 2,
                "unit": "alerts",
                "vintage": "2026-11-22T23:40:00+00:00",
                "level": "site",
                "kind": "observed",
                "label": "Winter Storm Warning (severe)",
            },
        ),
    ],
)
def test_a_hazard_stands_with_its_provenance_and_label(provider, switch_on, analyze, points, source, point, told):
    switch_on(source)
    answer = analyze("55901")[1]
    facts = source_of(source).facts
    assert points(answer)[point] == {
        "percentile": None,
        "direction": "context",
        "contribution": 0.0,
        "source": facts.name,
        **told,
    }
    (credit,) = [each for each in answer["sources"] if each["name"] == facts.name]
    assert (credit["licence"], credit["credit"]) == (facts.licence, facts.credit)
    assert answer["performance"]["collectors"]["environment"]["source"] == f"embedded, {source} (live)"
    assert answer["model"]["version"].endswith(f"+{source}")


def test_all_together_move_no_score_and_fill_what_was_missing(provider, switch_on, analyze, points):
    embedded = analyze("55901")[1]
    switch_on(*HAZARDS)
    answer = analyze("55901")[1]
    assert {way(answer, source) for source in HAZARDS} == {"live"}
    assert answer["overall_score"] == embedded["overall_score"]
    assert answer["categories"]["safety"]["score"] == embedded["categories"]["safety"]["score"]
    missing = {each["point"]: each["reason"] for each in answer["missing"]}
    given = {point for source in HAZARDS for point in source_of(source).facts.gives}
    assert given <= set(points(answer))
    assert given & set(missing) == {"wildfire_risk"}
    assert missing["wildfire_risk"] == "the index says 'No Rating' for this county"
    assert answer["data_points_collected"] == embedded["data_points_collected"] + len(given) - 1
    assert "flood_zone" in {each["point"] for each in embedded["missing"]}


def test_a_street_has_the_flood_zone_of_the_street(provider, switch_on, analyze, points):
    switch_on("census_geocoder", "fema_nfhl")
    answer = analyze("1600 Pennsylvania Avenue NW, Washington, DC 20500")[1]
    assert answer["location"]["precision"] == "street"
    seen = points(answer)["flood_zone"]
    assert (seen["kind"], seen["label"]) == ("observed", "AE, floodway")
    (asked,) = provider.of("fema_nfhl")
    assert asked.query["geometry"] == ["-77.0353,38.8988"]


def test_a_place_that_is_not_mapped_is_missing_and_not_outside(provider, switch_on, analyze, points):
    provider.replaced["fema_nfhl"] = b'{"features": []}'
    switch_on("fema_nfhl")
    answer = analyze("55901")[1]
    assert way(answer, "fema_nfhl") == "live"
    assert points(answer)["flood_zone"]["value"] is None
    missing = {each["point"]: each["reason"] for each in answer["missing"]}
    assert "on no flood map" in missing["flood_zone"]


def test_an_error_with_http_200_is_a_failure(provider, switch_on, analyze):
    provider.answer("fema_nfhl", "fema_nfhl_error.json")
    switch_on("fema_nfhl")
    told = analyze("55901")[1]["performance"]["live"]["fema_nfhl"]
    assert (told["way"], told["reason"]) == ("embedded", "it answered an error (500: Error performing query operation)")


def test_in_connecticut_the_planning_region_is_asked_for(provider, switch_on, analyze):
    switch_on("fema_nri")
    analyze("Hartford, CT 06103")
    assert provider.of("fema_nri")[0].query["where"] == ["STCOFIPS='09110'"]


@pytest.mark.parametrize("source", SECOND)
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (stub.status(500), "answered HTTP 500"),
        (stub.cut, "broke off"),
        (stub.wrong_type, "is not what it should be"),
        (stub.elsewhere, "redirects elsewhere"),
    ],
)
def test_a_later_question_that_fails_is_the_sources_failure(
    provider, switch_on, analyze, points, source, fault, reason
):
    embedded = points(analyze("55901")[1])
    provider.faults[source] = only(SECOND[source], fault)
    switch_on(source)
    answer = analyze("55901")[1]
    told = answer["performance"]["live"][source]
    assert told["way"] == "embedded"
    assert reason in told["reason"]
    assert points(answer) == embedded


@pytest.mark.parametrize("source", SECOND)
def test_a_later_question_that_hangs_takes_no_longer_than_the_sources_time(provider, switch_on, analyze, source):
    provider.faults[source] = only(SECOND[source], stub.hung)
    switch_on(source, timeout=0.3)
    status, answer = analyze("55901")
    assert (status, way(answer, source)) == (200, "embedded")


def test_the_weather_service_knows_who_asks_and_may_call_its_json_by_its_own_name(provider, switch_on, analyze):
    def geo_json(handler, body):
        handler.send(200, body, {"Content-Type": "application/geo+json"})

    provider.faults["nws"] = geo_json
    switch_on("nws")
    assert way(analyze("55901")[1], "nws") == "live"
    assert [each.path for each in provider.of("nws")] == [
        "/nws/points/44.078,-92.497",
        "/nws/gridpoints/ARX/39,77/forecast",
        "/nws/alerts/active",
    ]
    assert {each.headers["User-Agent"] for each in provider.of("nws")} == {f"Brightspot/{VERSION} (ops@example.org)"}


def test_a_place_that_the_weather_service_does_not_cover_is_no_failure(provider, switch_on, analyze):
    provider.faults["nws"] = stub.status(404)
    switch_on("nws")
    told = analyze("55901")[1]["performance"]["live"]["nws"]
    assert (told["way"], told["reason"]) == ("silent", "the National Weather Service does not cover this place")
    assert len(provider.of("nws")) == 1


@pytest.mark.parametrize(("hours", "kept"), [("0.5", True), ("0", False)])
def test_an_answer_is_kept_no_longer_than_the_word_of_a_source_in_it(provider, switch_on, analyze, hours, kept):
    switch_on("nws", LIVE_NWS_TTL_HOURS=hours, ANALYSIS_CACHE_TTL_HOURS="24")
    first, second = (analyze("55901")[1] for _ in range(2))
    assert (first["cached"], second["cached"]) == (False, kept)
