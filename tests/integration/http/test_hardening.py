"""Every answer carries OWASP's security headers: those of every route, every refusal, and 304."""

import json

import pytest

from brightspot.http.hardening import CONTENT_POLICY
from brightspot_local.apidocs.__main__ import ASSETS
from brightspot_local.dev.intrinsics import Intrinsics
from brightspot_local.dev.template import functions, load, routes
from brightspot_local.paths import EVENTS

# OWASP Secure Headers Project, ci/headers_add.json of 2026-07-19, without Clear-Site-Data (an answer to a logout).
OWASP = {
    "cache-control", "content-security-policy", "cross-origin-embedder-policy", "cross-origin-opener-policy",
    "cross-origin-resource-policy", "permissions-policy", "referrer-policy", "strict-transport-security",
    "x-content-type-options", "x-dns-prefetch-control", "x-frame-options", "x-permitted-cross-domain-policies",
}  # fmt: skip
# Some of the same project's ci/headers_remove.json: what tells with which software an answer was made.
TELLTALES = {"server", "x-powered-by", "powered-by", "x-framework", "x-generator", "x-b3-traceid"}
EXACT = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-xss-protection": "0",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
SAMPLES = {each.get("routeKey"): each for each in (json.loads(file.read_text()) for file in EVENTS.glob("*.json"))}
ANALYZE = ("analyze", "POST", "/api/v1/analyze")


def hardened(answer, policy=CONTENT_POLICY):
    """Asserts the whole list, on the answer as its client gets it."""
    assert answer.headers.keys() >= OWASP, answer.headers
    assert not TELLTALES & answer.headers.keys()
    assert {name: answer.headers[name] for name in EXACT} == EXACT
    if policy is not None:
        assert answer.headers["content-security-policy"] == policy
    features = answer.headers["permissions-policy"].split(", ")
    assert len(features) > 20
    assert all(each.endswith("=()") for each in features)
    return answer


def where():
    template = load()
    folders = {name: each.folder.name for name, each in functions(Intrinsics(template, {"Env": "local"})).items()}
    return [(folders[route.function], route) for route in routes(template)]


def test_every_route_of_the_description_and_the_pages_beside_it(call):
    described = json.loads((ASSETS / "openapi.json").read_bytes())["paths"]
    keys = {f"{method.upper()} {path}" for path, methods in described.items() for method in methods}
    walked = set()
    for folder, route in where():
        sample = SAMPLES[route.key]
        path, query = sample["rawPath"], sample["rawQueryString"]
        answer = call(folder, route.method, path, sample.get("body"), query=query)
        hardened(answer, None if route.path == "/docs" else CONTENT_POLICY)
        walked.add(route.key.replace("+}", "}"))
    assert keys <= walked


def test_the_docs_page_may_load_what_it_needs_from_here_and_runs_nothing_inline(call):
    policy = hardened(call("docs", "GET", "/docs"), None).headers["content-security-policy"]
    directives = dict(each.split(" ", 1) for each in policy.split("; "))
    assert directives["script-src"] == directives["style-src"] == directives["connect-src"] == "'self'"
    assert directives["default-src"] == directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert "unsafe" not in policy


def test_the_report_keeps_a_policy_of_its_own(call):
    id_ = call(*ANALYZE, {"address": "Rochester, MN 55901"}).json["id"]
    answer = call("report", "GET", f"/api/v1/analyses/{id_}/report")
    policy = hardened(answer, None).headers["content-security-policy"]
    assert answer.status == 200
    assert "style-src 'sha256-" in policy


REFUSALS = [
    (400, {"body": "{"}),
    (413, {"body": json.dumps({"address": "x" * 70_000})}),
    (414, {"query": "q=" + "x" * 5000}),
    (415, {"body": "{}", "headers": {"content-type": "text/plain"}}),
    (422, {"body": json.dumps({"address": "Atlantis, MN"})}),
    (431, {"headers": {"x-long": "x" * 11_000}}),
]


@pytest.mark.parametrize(("status", "asked"), REFUSALS)
def test_every_refusal(call, status, asked):
    assert hardened(call(*ANALYZE, asked.pop("body", None), **asked)).status == status


def test_who_may_not_pass_and_what_is_not_there(call):
    statuses = [
        hardened(call("cache", "POST", "/api/v1/cache/clear", {})).status,
        hardened(call("health", "GET", "/nothing")).status,
        hardened(call("docs", "DELETE", "/docs")).status,
        hardened(call("docs", "GET", "/docs/nothing.css")).status,
    ]
    assert statuses == [401, 404, 405, 404]


def test_who_asks_too_often(call, monkeypatch):
    monkeypatch.setenv("RATE_LIMIT_HEALTH", "1/60")
    assert [hardened(call("health", "GET", "/health")).status for _ in range(2)] == [200, 429]


def test_what_is_closed_for_maintenance(call, monkeypatch):
    monkeypatch.setenv("MAINTENANCE_MODE", "true")
    assert hardened(call(*ANALYZE, {"address": "55901"})).status == 503


def test_what_failed_on_our_side(call, monkeypatch):
    def broken(_self, _asked):
        raise RuntimeError("broken")

    monkeypatch.setattr("brightspot.http.gate.Gate.enter", broken)
    assert hardened(call("health", "GET", "/health")).status == 500


def test_what_has_not_changed(call):
    tag = call("docs", "GET", "/docs").headers["etag"]
    assert hardened(call("docs", "GET", "/docs", headers={"if-none-match": tag}), None).status == 304
    tag = call("history", "GET", "/api/v1/history").headers["etag"]
    assert hardened(call("history", "GET", "/api/v1/history", headers={"if-none-match": tag})).status == 304
