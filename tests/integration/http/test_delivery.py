"""How answers leave a function: codings, tags and 304, who may keep them, how old they are."""

import json
import subprocess
import sys

import pytest

from brightspot_local.apidocs.__main__ import ASSETS
from brightspot_local.paths import FUNCTIONS
from tests.emf_spec import documents, told

ANALYZE, BATCH, STATES = "/api/v1/analyze", "/api/v1/analyze/batch", "/api/v1/circuit-breakers"
ASKED = {"address": "Rochester, MN 55901"}
CODINGS = ("zstd", "br", "gzip")
# Every route that is asked by GET and named in full, with the function that serves it and its query.
READ = [
    ("history", "/api/v1/history", ""),
    ("history", "/api/v1/history/Rochester, MN 55901", ""),
    ("history", "/api/v1/trends", "address=55901"),
    ("cache", "/api/v1/cache/stats", ""),
    ("docs", "/docs", ""),
    ("docs", "/docs/docs.js", ""),
    ("docs", "/openapi.json", ""),
]


@pytest.fixture
def analyze(call):
    def send(accepted=None):
        headers = {} if accepted is None else {"accept-encoding": accepted}
        return call("analyze", "POST", ANALYZE, ASKED, headers=headers)

    return send


def unaged(answer):
    return {name: value for name, value in answer.json.items() if name != "cache_age_seconds"}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_cached_answer_is_the_same_in_every_coding_and_much_smaller(analyze, coding):
    analyze()
    plain, packed = analyze(), analyze(coding)
    assert packed.headers["content-encoding"] == coding
    assert (unaged(packed), packed.json["cached"]) == (unaged(plain), True)
    assert packed.sent_bytes < plain.sent_bytes / 4


@pytest.mark.parametrize("coding", CODINGS)
def test_a_new_answer_and_one_of_the_app_are_encoded_too(analyze, call, coding):
    assert analyze(coding).json["cached"] is False
    page = call("docs", "GET", "/docs", headers={"accept-encoding": coding})
    assert page.headers["content-encoding"] == coding
    assert page.text == (ASSETS / "index.html").read_text()


@pytest.mark.parametrize("accepted", [None, "", "identity", "deflate", "gzip;q=0", "identity;q=0"])
def test_who_wants_no_coding_that_there_is_gets_none(analyze, accepted):
    answer = analyze(accepted)
    assert (answer.status, "content-encoding" in answer.headers) == (200, False)
    assert "Accept-Encoding" in answer.headers["vary"]


def test_a_refusal_is_compressed_only_for_who_refuses_it_otherwise(call):
    asked = {"address": "Atlantis, MN"}
    plain, packed = (
        call("analyze", "POST", ANALYZE, asked, headers={"accept-encoding": each})
        for each in ("gzip", "gzip, identity;q=0")
    )
    assert ["content-encoding" in each.headers for each in (plain, packed)] == [False, True]
    assert (packed.status, packed.headers["content-type"]) == (422, "application/problem+json")
    assert packed.json == plain.json
    assert {plain.headers["cache-control"], packed.headers["cache-control"]} == {"no-store"}


def test_from_which_size_on_is_a_setting(call, monkeypatch):
    monkeypatch.setenv("HTTP_COMPRESSION_MIN_BYTES", "1")
    refused = call("analyze", "POST", ANALYZE, {"address": "Atlantis, MN"}, headers={"accept-encoding": "gzip"})
    assert (refused.status, refused.headers["content-encoding"]) == (422, "gzip")
    monkeypatch.setenv("HTTP_COMPRESSION_MIN_BYTES", "1000000")
    page = call("docs", "GET", "/docs", headers={"accept-encoding": "gzip"}, anew=True)
    assert "content-encoding" not in page.headers


def test_a_cached_answer_tells_its_age_in_whole_seconds_and_a_new_one_none(analyze):
    new, cached = analyze(), analyze()
    assert "age" not in new.headers
    assert cached.headers["age"] == str(int(cached.json["cache_age_seconds"]))
    assert [each.headers["cache-control"] for each in (new, cached)] == ["no-store", "no-store"]


@pytest.mark.parametrize(("function", "path", "query"), READ)
def test_what_is_read_again_unchanged_is_not_sent_again(call, analyze, function, path, query):
    analyze()
    first = call(function, "GET", path, query=query, headers={"accept-encoding": "gzip"})
    asked = {"accept-encoding": "br", "if-none-match": f'"other", {first.headers["etag"]}'}
    second = call(function, "GET", path, query=query, headers=asked)
    assert (first.status, second.status, second.text) == (200, 304, "")
    for each in ("etag", "cache-control", "vary", "content-type"):
        assert second.headers[each] == first.headers[each]
    assert not {"content-length", "content-encoding"} & second.headers.keys()
    assert second.headers["x-request-id"]
    assert second.headers["x-ratelimit-limit"] == first.headers["x-ratelimit-limit"]


def test_what_has_changed_is_sent_again(call, analyze):
    first = call("history", "GET", "/api/v1/history")
    analyze()
    second = call("history", "GET", "/api/v1/history", headers={"if-none-match": first.headers["etag"]})
    assert (second.status, second.json["count"]) == (200, 1)
    assert second.headers["etag"] != first.headers["etag"]


def test_a_batch_that_only_got_older_is_unchanged(call):
    more = {"prefer": "wait=0"}
    id_ = call("batch", "POST", BATCH, {"addresses": ["55901", "Atlantis, MN"]}, headers=more).json["id"]
    path = f"{BATCH}/{id_}"
    call("batch", "GET", path)
    first, second = call("batch", "GET", path), call("batch", "GET", path)
    assert first.json["age_seconds"] < second.json["age_seconds"]
    assert first.headers["etag"] == second.headers["etag"]
    assert call("batch", "GET", path, headers={"if-none-match": first.headers["etag"]}).status == 304


def test_a_breaker_that_only_stayed_as_it_was_is_unchanged_and_one_success_is_a_change(call, monkeypatch, valkey_url):
    monkeypatch.setenv("REDIS_URL", valkey_url)
    call("analyze", "POST", ANALYZE, {"address": "55901"})
    first = call("circuit_breakers", "GET", STATES)
    ages = {each["seconds_in_state"] for each in first.json.values()}
    while (again := call("circuit_breakers", "GET", STATES)).text == first.text:
        pass
    assert {each["seconds_in_state"] for each in again.json.values()} != ages
    assert again.headers["etag"] == first.headers["etag"]
    call("analyze", "POST", ANALYZE, {"address": "55802"})
    changed = call("circuit_breakers", "GET", STATES, headers={"if-none-match": first.headers["etag"]})
    assert changed.status == 200


def test_health_is_never_kept_nor_compared(call):
    answer = call("health", "GET", "/health", headers={"if-none-match": "*"})
    assert (answer.status, answer.headers["cache-control"], "etag" in answer.headers) == (200, "no-store", False)


@pytest.mark.parametrize(("function", "path", "query"), READ)
def test_only_the_documentation_may_be_kept_by_others_than_the_caller(call, function, path, query):
    headers = call(function, "GET", path, query=query).headers
    public = function == "docs"
    assert headers["cache-control"] == ("public, max-age=300" if public else "private, no-cache")
    assert headers["vary"] == ("Accept-Encoding" if public else "Authorization, X-Api-Key, Accept-Encoding")


def test_who_is_turned_away_learns_no_tag_and_nobody_keeps_the_refusal(call, monkeypatch):
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    answer = call("history", "GET", "/api/v1/history", headers={"if-none-match": "*"})
    assert (answer.status, answer.headers["cache-control"], "etag" in answer.headers) == (401, "no-store", False)
    assert "Authorization" in answer.headers["vary"]


def test_bytes_saved_are_counted_by_what_saved_them(call, analyze, capsys, monkeypatch):
    monkeypatch.setenv("METRICS_STACK", "brightspot-test")
    plain = analyze()
    capsys.readouterr()
    packed = analyze("br")
    page = call("docs", "GET", "/docs")
    call("docs", "GET", "/docs", headers={"if-none-match": page.headers["etag"]})
    printed = [each for each in capsys.readouterr().out.splitlines() if "CloudWatchMetrics" in each]
    figures = [told(documents(f"{each}\n")) for each in printed]
    saved = {labels: values for each in figures for (name, labels), values in each.items() if name == "BodyBytesSaved"}
    by = {dict(labels)["By"]: sum(values) for labels, values in saved.items()}
    assert by == {"br": len(packed.text.encode()) - packed.sent_bytes, "not_modified": page.sent_bytes}
    assert by["br"] > plain.sent_bytes * 0.7


LIBRARIES = ("brotli", "backports.zstd")


@pytest.mark.parametrize(
    ("accepted", "loaded"), [(None, []), ("br", ["brotli"]), ("zstd", ["backports.zstd"]), ("gzip", [])]
)
def test_of_the_codings_a_cached_answer_loads_only_the_one_it_is_sent_in(
    call, monkeypatch, valkey_url, accepted, loaded
):
    monkeypatch.setenv("REDIS_URL", valkey_url)
    event = call("analyze", "POST", ANALYZE, ASKED).event
    if accepted is not None:
        event["headers"]["accept-encoding"] = accepted
    code = f"""
import json, sys
sys.path.insert(0, {str(FUNCTIONS / "analyze")!r})
import analyze_handler
answer = analyze_handler.handler(json.loads(sys.argv[1]), None)
print(json.dumps([answer["headers"].get("age"), [name for name in {LIBRARIES} if name in sys.modules]]))
"""
    command = [sys.executable, "-c", code, json.dumps(event)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    age, seen = json.loads(done.stdout.splitlines()[-1])
    assert (age is not None, seen) == (True, loaded)
