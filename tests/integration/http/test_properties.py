"""Whatever is sent to a described route: the answer is a described one, and what is wrong with the request is said."""

import importlib
import itertools
import json
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from brightspot.core.clock import SystemClock
from brightspot_local.apidocs.__main__ import ASSETS
from brightspot_local.dev import events
from brightspot_local.dev.intrinsics import Intrinsics
from brightspot_local.dev.template import functions, load, routes
from brightspot_local.keys import local_keys
from tests.codings import decoded

DOCUMENT = json.loads((ASSETS / "openapi.json").read_bytes())
OPERATIONS = [each.ok() for each in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()]
TAKING = [
    each for each in OPERATIONS if {"parameters", "requestBody"} & DOCUMENT["paths"][each.path][each.method].keys()
]
SETTINGS = settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck])
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
ADDRESSES = ("55901", "Rochester, MN 55901", "Duluth, MN", "10001", "Honolulu, HI 96813", "Boston, MA")
# Any text fits a description that says text: these are the ones that mean something.
MEANT = {"persona": "mission", "weights": {"safety": 1.0, "economic": 2.0}, "state": "MN", "county": None}
MEANT |= {"cursor": None, "filters": {}, "namespace": "analysis", "tag": "zip:55901", "name": "economy"}
MEANT |= {"rule": None, "minutes": 30, "reason": "a deployment"}
MEANT |= {"email": "ada@example.org", "password": "correct horse battery"}
OF_ROUTES = {
    "GET /api/v1/dashboards/{name}": {"name": "technical"},
    "GET /api/v1/maintenance/tasks/{name}/runs": {"name": "cleanup_completed_tasks"},
    "POST /api/v1/maintenance/tasks/{name}/run": {"name": "cleanup_completed_tasks"},
    "PUT /api/v1/schedules/{name}/state": {"state": "paused"},
    "POST /api/v1/tasks": {
        "name": "noop", "args": [], "kwargs": {}, "depends_on": [], "delay_seconds": 0, "key": None,
    },
    "POST /api/v1/schedules": {
        "name": "nightly", "task": "noop", "cron": "0 2 * * *", "timezone": "UTC", "args": [], "kwargs": {},
    },
}  # fmt: skip
# Nobody has signed up there, and the administrator's token is of no account.
NOBODYS = {"POST /api/auth/login": {401}, "POST /api/auth/refresh": {401}, "POST /api/auth/password": {404}}
NOBODYS |= {"POST /api/auth/token": {401}, "POST /api/auth/keys": {404}}
NOBODYS["DELETE /api/v1/monitoring/security/blocks/{client}"] = {404}  # nobody is blocked

# There is no Scheduler there.
NOBODYS |= {f"{method} /api/v1/schedules": {409} for method in ("GET", "POST")}
NOBODYS |= {f"{method} /api/v1/schedules/{{name}}": {409} for method in ("GET", "DELETE")}
NOBODYS["PUT /api/v1/schedules/{name}/state"] = {409}

_clients = itertools.count()


@pytest.fixture(scope="module")
def served():
    """Routes of the template by their names in the description, and the folders of functions."""
    template = load()
    folders = {name: each.folder for name, each in functions(Intrinsics(template, {"Env": "local"})).items()}
    return {each.key.replace("+}", "}"): each for each in routes(template)}, folders


@pytest.fixture
def gateway(
    monkeypatch, tmp_path, served, call
):  # `call` is not made use of here, but forgets the functions afterwards
    """`gateway(operation, request)`: what the function that the template routes it to answers an administrator."""
    made = local_keys(tmp_path, SystemClock())
    monkeypatch.setenv("JWT_PUBLIC_KEYS_FILE", str(made.jwks_file))
    monkeypatch.setenv("JWT_PRIVATE_KEYS_FILE", str(made.private_file))
    known, folders = served
    for folder in folders.values():
        monkeypatch.syspath_prepend(str(folder))
    context = SimpleNamespace(aws_request_id="c6af9ac6-7b61-11e6-9a41-93e8deadbeef")
    context.get_remaining_time_in_millis = lambda: 29_000

    def send(operation, request):
        assert operation.label in known, f"no function of the template serves {operation.label}"
        sent = request.prepare()
        url = urlsplit(sent.url)
        route = known[operation.label]
        found = events.match([route], operation.method.upper(), events.decoded_path(url.path))
        assume(found is not None)  # what this route does not match, the gateway or another route answers
        headers = {name.lower(): _text(value) for name, value in sent.headers.items()}
        headers["authorization"] = f"Bearer {made.admin_token}"
        body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
        client = f"198.18.{next(_clients) % 65536 // 256}.{next(_clients) % 256}"
        asked = events.Request(sent.method, url.path, url.query, [*headers.items()], body, client)
        module = importlib.import_module(f"{folders[route.function].name}_handler")
        answer = events.answer(module.handler(events.event(asked, *found), context))
        returned = {name: [value] for name, value in answer.headers}
        body = decoded(answer.body, dict(answer.headers).get("content-encoding"))
        return schemathesis.Response(answer.status, returned, body, sent, elapsed=0.0, verify=True)

    return send


def _text(value):
    return value.decode("latin-1") if isinstance(value, bytes) else value


def request_of(case):
    return requests.Request(**case.as_transport_kwargs(base_url="https://api.example.com"))


@st.composite
def meaningful(draw, operation):
    """A request that fits, whose words are known ones where they are drawn at all."""
    case = draw(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    pick = st.sampled_from(ADDRESSES)
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            known = {name: value for name, value in MEANT.items() if name in part}
            if "/component/" in operation.path:
                known = {}  # that name is one of four already
            known |= {name: value for name, value in OF_ROUTES.get(operation.label, {}).items() if name in part}
            if "address" in part:
                known["address"] = draw(pick)
            if "addresses" in part:
                known["addresses"] = [draw(pick) for _ in part["addresses"]]
            if part.get("near"):
                known["near"] = {"address": draw(pick), "miles": 20.0}
            part.update(known)
    return case


def judge(case, response, *also):
    """Described status, media type and shape; no failure of ours; a refusal says what to do."""
    case.validate_response(response, checks=[*CHECKS, *also])
    assert response.headers["x-request-id"]
    if response.status_code >= 400:
        problem = json.loads(response.content)
        assert response.headers["content-type"] == ["application/problem+json"]
        assert problem["status"] == response.status_code
        assert len(problem["detail"]) > 10


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_a_request_that_fits_is_answered_as_described(gateway, operation):
    @SETTINGS
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def holds(case):
        judge(case, gateway(operation, request_of(case)))

    holds()


@pytest.mark.parametrize("operation", TAKING, ids=lambda each: each.label)
def test_a_request_that_means_something_is_answered_as_described(gateway, operation):
    seen = set()

    @SETTINGS
    @given(case=meaningful(operation))
    def holds(case):
        response = gateway(operation, request_of(case))
        seen.add(response.status_code)
        judge(case, response)

    holds()
    absent = "{id}" in operation.path or operation.label == "GET /api/v2/cache/{key}"
    assert seen & ({404} if absent else NOBODYS.get(operation.label) or {200, 201, 202})


@pytest.mark.parametrize("operation", TAKING, ids=lambda each: each.label)
def test_a_request_that_does_not_fit_is_refused_as_described(gateway, operation):
    @SETTINGS
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def holds(case):
        judge(case, gateway(operation, request_of(case)), checks.negative_data_rejection)

    holds()


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if each.method == "post"], ids=lambda each: each.label
)
def test_any_bytes_of_any_kind_are_answered_as_described(gateway, operation):
    kinds = st.sampled_from(["application/json", "application/vnd.api+json; charset=x", "text/plain", "", "é"])
    bodies = st.binary(max_size=200) | st.text(max_size=50).map(str.encode) | st.just(b"[" * 20_000)

    @SETTINGS
    @given(kind=kinds, body=bodies)
    def holds(kind, body):
        headers = {"content-type": kind.encode("latin-1")}
        url = f"https://api.example.com{operation.path.format(id='none', name='none')}"
        response = gateway(operation, requests.Request(operation.method.upper(), url, headers=headers, data=body))
        given = {each: "none" for each in ("id", "name") if f"{{{each}}}" in operation.path}
        judge(operation.Case(path_parameters=given), response)

    holds()


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (500, "application/problem+json", b'{"status": 500}'),
        (418, "application/json", b"{}"),
        (200, "text/plain", b"{}"),
        (200, "application/json", b'{"message": "Cleared", "count": "many"}'),
        (200, "application/json", b'{"message": "Cleared"}'),
        (422, "application/problem+json", b'{"status": 422, "detail": "send something else"}'),
    ],
)
def test_an_answer_that_is_not_described_would_be_noticed(status, kind, body):
    (operation,) = [each for each in OPERATIONS if each.label == "POST /api/v1/cache/clear"]
    case = operation.Case()
    headers = {"content-type": [kind], "x-request-id": ["r1"]}
    answer = schemathesis.Response(status, headers, body, request_of(case).prepare(), elapsed=0.0, verify=True)
    with pytest.raises(FailureGroup):
        judge(case, answer)
