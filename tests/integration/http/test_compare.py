"""POST /api/v1/compare through the function's Lambda entry."""

import json

import pytest

from brightspot import locations
from brightspot.core.codec import dumps, loads

PATH = "/api/v1/compare"
THREE = {"addresses": ["Rochester, MN 55901", "St. Paul, MN 55101", "Duluth, MN 55802"]}


def test_sites_are_ranked_with_all_that_an_answer_promises(call):
    answer = call("compare", "POST", PATH, THREE)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    body = answer.json
    assert [each["rank"] for each in body["ranked"]] == [1, 2, 3]
    assert body["persona"] == "business"
    assert len(body["drivers"]) == len(body["sensitivity"]["pairs"]) == 2
    assert set(body["sensitivity"]["categories"]) == set(locations.CATEGORIES)
    assert answer.headers["x-ratelimit-limit"] == "100"


def test_it_shares_answers_with_single_analyses_and_history_knows_each_once(call, valkey_url, monkeypatch, forgetful):
    monkeypatch.setenv("REDIS_URL", valkey_url)
    forgetful()
    single = call("analyze", "POST", "/api/v1/analyze", {"address": "Rochester, MN 55901"}).json
    ranked = call("compare", "POST", PATH, THREE).json["ranked"]
    assert {each["address"]: each["cached"] for each in ranked} == {
        "Rochester, MN 55901": True,
        "St. Paul, MN 55101": False,
        "Duluth, MN 55802": False,
    }
    assert single["id"] in {each["id"] for each in ranked}
    again = call("analyze", "POST", "/api/v1/analyze", {"address": "Duluth, MN 55802"}).json
    assert (again["cached"], again["id"] in {each["id"] for each in ranked}) == (True, True)
    assert locations.service().history_state()["analyses"] == 3


def test_an_address_that_cannot_be_located_is_told_and_the_others_are_compared(call):
    body = call("compare", "POST", PATH, {"addresses": ["55901", "Atlantis, MN", "55101", "rochester mn 55901"]}).json
    assert [each["address"] for each in body["ranked"]] == ["55901", "55101"]
    (error,) = body["errors"]
    assert (error["index"], error["address"], error["error"]) == (1, "Atlantis, MN", "Address not found")
    assert "Send the ZIP" in error["reason"]
    assert body["duplicates"] == [{"index": 3, "address": "rochester mn 55901", "same_as": "55901"}]


def test_fewer_than_two_places_are_a_422_that_names_them(call):
    answer = call("compare", "POST", PATH, {"addresses": ["55901", "Atlantis, MN"]})
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json["errors"][0]["field"] == "addresses"
    assert "Atlantis, MN" in answer.json["detail"]
    assert "Send the ZIP" in answer.json["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "addresses"),
        ({"addresses": []}, "addresses"),
        ({"addresses": ["55901"]}, "addresses"),
        ({"addresses": ["55901"] * 11}, "addresses"),
        ({"addresses": ["55901", 55101]}, "addresses.1"),
        ({"addresses": "55901"}, "addresses"),
        ({**THREE, "radius_miles": 26}, "radius"),
        ({**THREE, "persona": "tourist"}, "persona"),
        ({**THREE, "weights": {"parking": 1}}, "weights"),
        ({**THREE, "color": "red"}, "color"),
        ([], "body"),
    ],
)
def test_bad_input_is_a_422_that_names_the_field(call, body, field):
    answer = call("compare", "POST", PATH, body)
    assert answer.status == 422
    assert any(each["field"].startswith(field) for each in answer.json["errors"]), answer.json["errors"]


def test_weights_of_ones_own_and_another_radius_are_used(call):
    body = call("compare", "POST", PATH, {**THREE, "radius": 5, "weights": {"safety": 3, "economic": 1}}).json
    assert (body["persona"], body["radius_miles"]) == ("custom", 5.0)
    assert (body["weights"]["safety"], body["weights"]["demographics"]) == (0.75, 0.0)


def test_ten_addresses_fit_into_one_answer(call):
    codes = ["55901", "55101", "55802", "10001", "60629", "94027", "38751", "58844", "84097", "00934"]
    answer = call("compare", "POST", PATH, {"addresses": codes})
    assert len(answer.json["ranked"]) == 10
    assert len(answer.text) < 1_000_000


def test_without_permission_it_is_a_401(call, monkeypatch):
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    assert call("compare", "POST", PATH, THREE, anew=True).status == 401


def test_a_real_answer_has_exactly_the_described_members(call):
    from brightspot_local.apidocs.document import build

    schemas = build()["components"]["schemas"]
    body = loads(dumps(json.loads(call("compare", "POST", PATH, {"addresses": ["55901", "55101", "00802", "x"]}).text)))
    for name, each in (
        ("Comparison", body),
        ("RankedSite", body["ranked"][0]),
        ("Drivers", body["drivers"][0]),
        ("PairSensitivity", body["sensitivity"]["pairs"][0]),
        ("Unranked", body["unranked"][0]),
        ("NotCompared", body["errors"][0]),
    ):
        assert set(schemas[name]["required"]) <= set(each) <= set(schemas[name]["properties"]), name
