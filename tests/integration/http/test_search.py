"""POST /api/v1/search through the function's Lambda entry."""

import json

import pytest

from brightspot import locations

PATH = "/api/v1/search"


def test_the_best_ten_of_a_state_have_the_scores_that_their_analyses_have(call):
    answer = call("search", "POST", PATH, {"state": "MN", "persona": "business"})
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    body = answer.json
    assert (body["count"], body["matched"], body["radius_miles"]) == (10, 876, 3.0)
    for each in body["results"]:
        analyzed = call("analyze", "POST", "/api/v1/analyze", {"address": each["zip"]}).json
        assert (each["overall_score"], each["confidence"]) == (analyzed["overall_score"], analyzed["confidence"])
        assert each["state"] == "MN"
    assert answer.headers["x-ratelimit-limit"] == "100"


def test_filters_and_near_and_pages_work_together(call):
    asked = {
        "near": {"address": "Rochester, MN", "miles": 60},
        "filters": {"population": {"min": 1000, "max": 20000}, "safety": {"min": 30}},
        "limit": 4,
    }
    first = call("search", "POST", PATH, asked).json
    second = call("search", "POST", PATH, {**asked, "cursor": first["next_cursor"]}).json
    shown = first["results"] + second["results"]
    assert [each["rank"] for each in shown] == list(range(1, 9))
    assert all(1000 <= each["values"]["population"]["value"] <= 20000 for each in shown)
    assert all(0 < each["miles"] <= 60 for each in shown)
    assert first["area"] == {"kind": "near", "name": "Rochester, MN 55901", "miles": 60.0}


def test_an_empty_body_searches_all_zips(call):
    body = call("search", "POST", PATH, {}).json
    assert body["matched"] > 33_000
    assert body["area"]["kind"] == "country"


def test_nothing_found_is_an_empty_page(call):
    body = call("search", "POST", PATH, {"state": "GU"}).json
    assert (body["count"], body["results"], body["next_cursor"]) == (0, [], None)
    assert body["skipped"]["without_residents"] > 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"state": "Ontario"}, "state"),
        ({"state": "MN", "county": "27109"}, "county"),
        ({"county": "Olmstead County, MN"}, "county"),
        ({"near": {"address": "Atlantis, MN", "miles": 5}}, "near.address"),
        ({"near": {"address": "55901"}}, "near.miles"),
        ({"near": {"address": "55901", "miles": 0}}, "near.miles"),
        ({"near": {"address": "55901", "miles": 251}}, "near.miles"),
        ({"radius_miles": 5}, "radius_miles"),
        ({"limit": 101}, "limit"),
        ({"limit": "10"}, "limit"),
        ({"persona": "tourist"}, "persona"),
        ({"weights": {"safety": -1}}, "weights"),
        ({"filters": {"populaton": {"min": 1}}}, "filters.populaton"),
        ({"filters": {"population": {}}}, "filters.population"),
        ({"filters": {"population": {"least": 1}}}, "filters.population.least"),
        ({"filters": {"population": 5}}, "filters.population"),
        ({"cursor": "x"}, "cursor"),
        ({"color": "red"}, "color"),
    ],
)
def test_bad_input_is_a_422_that_names_the_field_and_says_what_to_send(call, body, field):
    answer = call("search", "POST", PATH, body)
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    assert any(each["field"].startswith(field) and each["message"] for each in answer.json["errors"]), answer.json


@pytest.mark.parametrize(
    "body",
    [
        {"state": "x" * 60_000},
        {"county": "x" * 60_000 + ", MN"},
        {"county": "9" * 60_000},
        {"near": {"address": "x" * 60_000, "miles": 5}},
        {"filters": {"x" * 60_000: {"min": 1}}},
        {"cursor": "x" * 60_000},
        '{"state": "\\ud800"}',
        '{"filters": {"\\ud800": {"min": 1}}}',
        '{"filters": {"population": {"min": NaN}}}',
        '{"filters": {"population": {"min": 1e999}}}',
    ],
)
def test_what_is_sent_in_bad_faith_is_refused_in_few_words(call, body):
    answer = call("search", "POST", PATH, body)
    assert answer.status in {400, 422}
    assert len(answer.text) < 5_000


def test_a_filter_that_is_none_is_refused_with_all_that_there_are(call):
    detail = call("search", "POST", PATH, {"filters": {"income": {"min": 1}}}).json["detail"]
    assert all(name in detail for name in ("overall_score", "safety", "median_household_income", "county_jobs"))


def test_another_radius_is_refused_and_told_where_to_ask(call):
    detail = call("search", "POST", PATH, {"radius_miles": 5.0}).json["detail"]
    assert "3 miles" in detail
    assert "/api/v1/analyze" in detail


def test_it_needs_permission_but_no_table_and_remembers_nothing(call, monkeypatch):
    call("search", "POST", PATH, {"state": "MN"})
    assert locations.service().history_state()["analyses"] == 0
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    assert call("search", "POST", PATH, {"state": "MN"}, anew=True).status == 401


def test_a_real_answer_has_exactly_the_described_members(call):
    from brightspot_local.apidocs.document import build

    schemas = build()["components"]["schemas"]
    asked = {"state": "MN", "filters": {"population": {"min": 1}}}
    body = json.loads(call("search", "POST", PATH, asked).text)
    found = body["results"][0]
    for name, each in (
        ("SearchResults", body),
        ("FoundZip", found),
        ("CategoryStanding", found["categories"]["safety"]),
        ("FoundValue", found["values"]["population"]),
        ("Skipped", body["skipped"]),
    ):
        assert set(schemas[name]["required"]) <= set(each) <= set(schemas[name]["properties"]), name
