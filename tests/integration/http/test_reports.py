"""Reports of the service by the function's own entry: made, listed, had in two forms, and every way that they fail."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from brightspot.core.clock import SystemClock
from brightspot.operations.rollups import shared_rollups
from brightspot.telemetry.fields import field_of

PATH = "/api/v1/monitoring/reports"
PAGES = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"  # what browsers send


@pytest.fixture
def figures():
    """Ten requests in each hour of the last two whole days, one in ten of them answered 500."""
    today = SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    fields = {field_of(("HttpRequests", "/api/v1/analyze", status)): n for status, n in (("200", 9), ("500", 1))}
    shelf = shared_rollups()._shelf
    for back in range(1, 49):
        at = today - timedelta(hours=back)
        shelf.join(f"hour#{at:%Y-%m-%dT%H}", fields, today + timedelta(days=40))
    return today


def make(call, body=None, **headers):
    return call("reports", "POST", PATH, body or {}, headers=headers)


def read(call, name, accept=None, **headers):
    return call("reports", "GET", f"{PATH}/{name}", headers={**({"accept": accept} if accept else {}), **headers},
                route=f"GET {PATH}/{{id}}")  # fmt: skip


def test_a_report_that_is_made_is_listed_and_can_be_had(call, figures):
    made = make(call, {"period": "day"})
    yesterday = figures - timedelta(days=1)
    assert made.status == 201
    assert made.json["id"] == f"{yesterday:%Y-%m-%d}T00-024h"
    assert made.headers["location"] == f"{PATH}/{made.json['id']}"
    listed = call("reports", "GET", PATH)
    assert [each["id"] for each in listed.json["reports"]] == [made.json["id"]]
    for form, content_type in (("json", "application/json"), ("html", "text/html; charset=utf-8")):
        told = read(call, made.json["links"][form].rpartition("/")[2])
        assert (told.status, told.headers["content-type"]) == (200, content_type)
    report = read(call, made.json["id"]).json
    assert report["figures"]["performance"]["requests"] == 240
    assert report["figures"]["availability"] == 0.9
    assert report["comparisons"]["requests_per_hour"] == {"now": 10, "before": 10, "change": 0, "unit": "requests/h"}
    assert report["period"]["known_hours"] == 24


def test_the_form_is_what_accept_prefers_unless_the_name_says_it(call, figures):
    report = make(call).json["id"]
    as_json = (None, "*/*", "application/json", "image/png", "text/html;q=0.5, application/json;q=0.6", "text/html;q=x")
    for accept in (*as_json, PAGES, "text/*", "text/html;level=1;q=0.5, application/json;q=0.4"):
        form = "json" if accept in as_json else "html"
        told = read(call, report, accept)
        assert told.headers["content-type"].startswith("text/html" if form == "html" else "application/json"), accept
        assert "Accept" in [each.strip() for each in told.headers["vary"].split(",")]
    assert read(call, f"{report}.json", PAGES).json["id"] == report
    assert read(call, f"{report}.html", "application/json").text.startswith("<!doctype html>")


def test_the_page_is_served_with_a_policy_that_lets_nothing_in(call, figures):
    report = make(call).json["id"]
    told = read(call, f"{report}.html")
    policy = told.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert told.headers["content-disposition"] == f'inline; filename="brightspot-{report}.html"'
    assert read(call, report).headers["content-disposition"] == f'attachment; filename="brightspot-{report}.json"'


def test_one_that_has_it_already_is_told_so_until_it_is_made_anew(call, figures):
    report = make(call).json["id"]
    tag = read(call, report).headers["etag"]
    same = read(call, report, **{"if-none-match": tag})
    assert (same.status, same.text) == (304, "")
    assert read(call, report, PAGES, **{"if-none-match": tag}).status == 200
    make(call)
    assert read(call, report, **{"if-none-match": tag}).status == 200


def test_tries_with_one_key_are_one_report(call, figures):
    first = make(call, {"period": "day"}, **{"idempotency-key": "a-key"})
    again = make(call, {"period": "day"}, **{"idempotency-key": "a-key"})
    assert (first.status, again.status, again.json["made_at"]) == (201, 201, first.json["made_at"])
    other = make(call, {"period": "week"}, **{"idempotency-key": "a-key"})
    assert (other.status, other.json["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_hours_that_nothing_is_known_of_are_gaps_and_the_report_says_why(call):
    made = make(call, {"period": "week"})
    report = read(call, made.json["id"]).json
    assert (report["figures"], report["period"]["known_hours"]) == (None, 0)
    assert {each["requests"] for each in report["hours"]} == {None}
    assert "they are gaps, not zeros" in json.dumps(report["unknown"])
    assert "No figures are kept of this period." in read(call, f"{made.json['id']}.html").text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"period": "month"}, "period"),
        ({"period": "day", "from": "2026-11-01"}, "period"),
        ({"from": "yesterday", "to": "2026-11-01"}, "from"),
        ({"from": "2001-01-01", "to": "2001-01-02"}, "from"),
        ({"since": "2026-11-01"}, "since"),
        ({"period": 7}, "period"),
    ],
)
def test_a_period_that_cannot_be_meant_is_refused(call, body, field):
    told = make(call, body)
    assert (told.status, told.json["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(
    "name", ["2026-11-27T00-024h", "2026-11-27T00-024h.html", "nonsense", "2026-11-27T00-024h.pdf"]
)
def test_what_is_not_kept_is_not_found(call, name):
    told = read(call, name)
    assert (told.status, told.json["error"]) == (404, "Not found")
    assert f"GET {PATH} lists those" in told.json["detail"]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "cursor=x", "period=day"])
def test_a_list_that_cannot_be_meant_is_refused(call, query):
    assert call("reports", "GET", PATH, query=query).status == 422


def test_lists_page(call, figures):
    for back in range(1, 6):
        at = f"{datetime.now(UTC) - timedelta(days=back):%Y-%m-%d}"
        make(call, {"from": at, "to": at})
    first = call("reports", "GET", PATH, query="limit=3").json
    rest = call("reports", "GET", PATH, query=f"limit=3&cursor={first['next_cursor']}").json
    names = [each["id"] for page in (first, rest) for each in page["reports"]]
    assert (first["count"], rest["count"], rest["next_cursor"]) == (3, 2, None)
    assert names == sorted(names, reverse=True)


@pytest.mark.parametrize("ask", ["make", "list", "read"])
def test_a_bucket_that_is_away_is_a_503_that_says_what_s3_said(call, figures, monkeypatch, refusing, ask):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("REPORTS_BUCKET", "tests-reports")
    with refusing(403, "AccessDenied") as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        asks = {
            "make": lambda: make(call),
            "list": lambda: call("reports", "GET", PATH),
            "read": lambda: read(call, "2026-11-27T00-024h"),
        }
        told = asks[ask]()
    assert (told.status, told.json["error"], told.json["error_class"]) == (503, "Storage unavailable", "database")
    assert "AccessDenied" in told.json["detail"]
    assert "tests-reports" not in told.text
    assert told.headers["retry-after"] == "5"


def test_figures_that_are_away_are_a_503_and_nothing_is_kept(call, monkeypatch):
    for name, value in {
        "TABLE_PREFIX": "tests",
        "DYNAMODB_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():
        monkeypatch.setenv(name, value)
    told = make(call)
    assert (told.status, told.json["error"]) == (503, "Database unavailable")
    assert call("reports", "GET", PATH).json["count"] == 0


def test_making_one_needs_write_and_reading_needs_read(call, monkeypatch, figures):
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    assert make(call).status == 401
    assert call("reports", "GET", PATH).status == 401
