"""GET /api/v1/history and /api/v1/history/{address}, by the function's own entry."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import msgspec
import pytest

from brightspot import locations
from brightspot.core.ids import new_id
from brightspot.locations.gazetteer.locate import shared_gazetteer
from brightspot_local.dev.events import decoded_path

HISTORY = "/api/v1/history"
START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def remembered(an_analysis):
    """`remembered(12, "Duluth, MN 55802")`: so many analyses of an address, an hour apart; their ids, newest first."""

    def remember(count, address="Rochester, MN 55901", persona="business"):
        ids = []
        for hour in range(count):
            at = START + timedelta(hours=hour)
            made = {"id": new_id(at), "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
            analysis = msgspec.structs.replace(an_analysis, address=address, persona=persona, **made)
            locations.history().record(analysis, shared_gazetteer().locate(address).normal_form)
            ids.insert(0, analysis.id)
        return ids

    return remember


def ask(call, query=None, path=HISTORY):
    return call("history", "GET", decoded_path(path), query=urlencode(query or {}))


def test_an_empty_history_is_an_empty_list(call):
    answer = ask(call)
    assert (answer.status, answer.json) == (200, {"count": 0, "results": [], "next_cursor": None})
    assert answer.headers["content-type"] == "application/json"


def test_the_newest_ten_come_first_with_their_scores(call, remembered, an_analysis):
    ids = remembered(12)
    body = ask(call).json
    assert body["count"] == 10
    assert [each["id"] for each in body["results"]] == ids[:10]
    first = body["results"][0]
    assert first["scores"]["overall"] == an_analysis.overall_score
    assert set(first["scores"]) == {"overall", *locations.CATEGORIES}
    assert (first["persona"], first["status"], first["address"]) == ("business", "completed", "Rochester, MN 55901")
    assert first["created_at"] == "2026-11-01T11:00:00.000Z"


def test_cursors_lead_through_all_of_it(call, remembered):
    ids = remembered(12)
    first = ask(call, {"limit": 5}).json
    second = ask(call, {"limit": 5, "cursor": first["next_cursor"]}).json
    third = ask(call, {"limit": 5, "cursor": second["next_cursor"]}).json
    assert [each["id"] for page in (first, second, third) for each in page["results"]] == ids
    assert third["next_cursor"] is None


@pytest.mark.parametrize(
    ("stretch", "hours"),
    [
        ({"from": "2026-11-02"}, range(24, 30)),
        ({"to": "2026-11-01"}, range(24)),
        ({"from": "2026-11-01T03:00:00Z", "to": "2026-11-01T05:00:00Z"}, range(3, 6)),
        ({"from": "2026-11-01T03:00:00+01:00", "to": "2026-11-01T02:30:00Z"}, range(2, 3)),
        ({"from": "2027-01-01"}, range(0)),
    ],
)
def test_dates_and_times_are_both_inclusive(call, remembered, stretch, hours):
    remembered(30)
    found = ask(call, {"limit": 100, **stretch}).json["results"]
    expected = [(START + timedelta(hours=hour)).strftime("%dT%H") for hour in reversed(hours)]
    assert [each["created_at"][8:13] for each in found] == expected


def test_the_plus_of_an_offset_may_arrive_unencoded(call, remembered):
    remembered(3)
    answer = call("history", "GET", HISTORY, query="from=2026-11-01T03:00:00+01:00")
    assert (answer.status, answer.json["count"]) == (200, 1)


def test_one_persona(call, remembered):
    remembered(3)
    ids = remembered(2, persona="custom")
    assert [each["id"] for each in ask(call, {"persona": "custom"}).json["results"]] == ids


@pytest.mark.parametrize(
    "path",
    [
        "/Rochester,%20MN%2055901",
        "/rochester%2C%20mn%2055901",
        "/ROCHESTER%20%20MN%20%2055901",
        "/Rochester%2FMN%2055901",
        "/Rochester,%20Minnesota%2055901-1234/",
    ],
)
def test_an_address_in_the_path_is_found_in_any_spelling(call, remembered, path):
    remembered(2, "Duluth, MN 55802")
    ids = remembered(3)
    answer = ask(call, path=HISTORY + path)
    assert answer.status == 200, answer.text
    assert [each["id"] for each in answer.json["results"]] == ids


def test_an_address_in_the_query_means_the_same(call, remembered):
    remembered(2, "Duluth, MN 55802")
    ids = remembered(3)
    body = ask(call, {"address": "rochester mn 55901", "limit": 2}).json
    assert [each["id"] for each in body["results"]] == ids[:2]
    assert body["next_cursor"]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("200 1st St SW #4, Rochester, MN 55905", "/200%201ST%20st%20sw%20%234%2C%20Rochester%2C%20MN%2055905"),
        ("12 1/2 Main St, Rochester, MN 55901", "/12%201/2%20main%20st,rochester,mn%2055901"),
        ("12 1/2 Main St, Rochester, MN 55901", "/12%201%2F2%20Main%20Street%2C%20Rochester%2C%20MN%2055901"),
    ],
)
def test_a_street_address_with_signs_in_it_is_its_own_place(call, remembered, address, path):
    remembered(2)
    ids = remembered(1, address)
    found = ask(call, path=HISTORY + path).json["results"]
    assert [each["id"] for each in found] == ids


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ({"limit": 0}, "limit", "1"),
        ({"limit": 101}, "limit", "100"),
        ({"limit": "many"}, "limit", "integer"),
        ({"persona": "nobody"}, "persona", "send one of business"),
        ({"from": "yesterday"}, "from", "send a date such as 2026-11-20"),
        ({"to": "2026-02-30"}, "to", "send a date such as 2026-11-20"),
        ({"to": "9999-12-31"}, "to", "send a date such as 2026-11-20"),
        ({"from": "2026-11-01T10:00:00"}, "from", "2026-11-20T12:30:00Z"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "from", "not after `to`"),
        ({"cursor": "nonsense"}, "cursor", "next_cursor"),
        ({"offset": 10}, "offset", "leave it out"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_send(call, query, field, told):
    answer = ask(call, query)
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    (error,) = answer.json["errors"]
    assert error["field"] == field
    assert told in error["message"]


def test_an_address_that_names_no_place_is_refused(call):
    answer = ask(call, path=f"{HISTORY}/Atlantis,%20MN")
    assert (answer.status, answer.json["error"]) == (422, "Address not found")


def test_a_table_that_is_gone_is_a_503_that_says_when_to_come_back(call, monkeypatch):
    monkeypatch.setenv("TABLE_PREFIX", "tests")
    monkeypatch.setenv("DYNAMODB_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    answer = ask(call)
    assert answer.status == 503
    assert answer.json["error_class"] == "database"
    assert answer.headers["retry-after"]
