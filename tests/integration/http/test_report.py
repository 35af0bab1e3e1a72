"""GET /api/v1/analyses/{id}/report, .json and .csv, by the function's own entry."""

import csv
import io
from datetime import UTC, datetime

import msgspec
import pytest

from brightspot import locations
from brightspot.core.ids import new_id
from brightspot.locations.gazetteer.locate import shared_gazetteer

ROUTES = ("report", "report.json", "report.csv")


@pytest.fixture
def remembered(an_analysis):
    """`remembered(address="...")`: an analysis, changed like that, in the history."""

    def remember(**changes):
        analysis = msgspec.structs.replace(an_analysis, **changes)
        locations.history().record(analysis, "ROCHESTER, MN 55901")
        return analysis

    return remember


def ask(call, analysis_id, route, **more):
    return call("report", "GET", f"/api/v1/analyses/{analysis_id}/{route}", **more)


def test_the_page_is_html_with_a_policy_that_lets_nothing_in(call, remembered):
    analysis = remembered()
    answer = ask(call, analysis.id, "report")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == locations.security_policy()
    assert answer.headers["content-disposition"] == f'inline; filename="brightspot-{analysis.id}.html"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.startswith("<!doctype html>")
    assert "Olmsted County" in answer.text


def test_the_json_is_the_analysis_as_it_was_answered(call):
    made = call("analyze", "POST", "/api/v1/analyze", {"address": "Rochester, MN 55901"})
    answer = ask(call, made.json["id"], "report.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.text == made.text
    assert answer.headers["content-disposition"].startswith("attachment; ")


def test_the_csv_has_a_row_for_each_point(call, remembered):
    analysis = remembered()
    answer = ask(call, analysis.id, "report.csv")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == f'attachment; filename="brightspot-{analysis.id}.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text, newline=""), strict=True))
    value = analysis.categories["demographics"].points["children_under_5"].value
    assert [float(row["value"]) for row in rows if row["point"] == "children_under_5"] == [value]
    assert [row["reason"] for row in rows if row["point"] == "zoning"] == [
        "zoning is local law and in no nationwide source"
    ]


def test_an_address_that_means_harm_is_only_text(call, remembered):
    analysis = remembered(address="<script>alert(1)</script>")
    answer = ask(call, analysis.id, "report")
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text


@pytest.mark.parametrize("route", ROUTES)
def test_an_id_that_nobody_gave_is_not_found(call, route):
    answer = ask(call, "01M7WEYZ4S3T9Q4R7Y2K5H8N0C", route)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "GET /api/v1/history lists those" in answer.json["detail"]


@pytest.mark.parametrize("route", ROUTES)
def test_an_analysis_that_is_older_than_it_is_kept_is_not_found(call, remembered, route):
    at = datetime(2020, 1, 1, tzinfo=UTC)
    analysis = remembered(id=new_id(at), created_at="2020-01-01T00:00:00.000Z")
    assert ask(call, analysis.id, route).status == 404


@pytest.mark.parametrize("route", ROUTES)
def test_an_analysis_that_failed_is_a_conflict_that_says_so(call, route):
    now = datetime.now(UTC)
    place = shared_gazetteer().locate("Rochester, MN 55901")
    failed = locations.FailedAnalysis(new_id(now), "Rochester, MN 55901", place, "business", now, 0.1, "MemoryError")
    locations.history().record_failed(failed)
    answer = ask(call, failed.id, route)
    assert (answer.status, answer.json["error"], answer.json["title"]) == (409, "Not finished", "Conflict")
    assert "failed (MemoryError)" in answer.json["detail"]


@pytest.mark.parametrize("wrong", ["55901", "01m7weyz4s3t9q4r7y2k5h8n0c", "01M7WEYZ4S3T9Q4R7Y2K5H8N0CX", "..", "%00"])
def test_what_is_no_id_is_refused_with_what_to_send(call, wrong):
    answer = ask(call, wrong, "report")
    assert answer.status == 422
    assert answer.json["errors"][0]["field"] == "id"
    assert "26 digits and capitals" in answer.json["detail"]


def test_a_table_that_is_gone_is_a_503(call, monkeypatch):
    for name, value in {
        "TABLE_PREFIX": "tests",
        "DYNAMODB_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():
        monkeypatch.setenv(name, value)
    locations.history.cache_clear()
    answer = ask(call, "01M7WEYZ4S3T9Q4R7Y2K5H8N0C", "report")
    assert (answer.status, answer.json["error_class"]) == (503, "database")
