"""A walk over every route of the API description as everybody, in both modes, with things that Ada made and owns."""

import json
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from brightspot.core.clock import SystemClock
from brightspot.core.ids import new_id
from brightspot.jobs.backend import _jobs
from brightspot.jobs.shapes import Asked, Job
from brightspot_local.access import declared
from brightspot_local.apidocs.__main__ import ASSETS
from tests.integration.http.conftest import forget_handlers
from tests.integration.http.matrix import MATRIX, expected
from tests.integration.http.whole import PASSWORD, Walker, minted, plain, signed_up

ADA, BOB = "ada@walk.example", "bob@walk.example"  # the samples have an Ada of their own
ADDRESS = "Rochester, MN 55901"
KEY, NO_KEY, SECRET = "shortlist:7", "shortlist:8", "only-for-the-eyes-of-ada"  # a value that she keeps
SCOPES = {"nobody": None, "user": "", "reader": "read", "writer": "write", "admin": "admin"}
# Where one who may ask is answered otherwise: the sample is of an account that is not there, or asks for too much.
OTHERWISE = {
    "POST /api/auth/login": {401},
    "POST /api/v1/monitoring/alerts/silences": {201},
    "DELETE /api/v1/monitoring/alerts/silences/{id}": {404},
    "POST /api/v1/monitoring/alerts/{id}/acknowledge": {404},
    "DELETE /api/v1/monitoring/security/blocks/{client}": {404},
    "GET /api/v1/monitoring/reports/{id}": {404},
    "GET /api/v2/health/component/{name}": {422},
    "POST /api/v1/monitoring/reports": {201},
    "POST /api/v2/batch/uploads": {201},
    "GET /api/v1/maintenance/tasks/{name}/runs": {404},
    "POST /api/v1/maintenance/tasks/{name}/run": {404},
    "GET /api/v1/dashboards/{name}": {404},
    "GET /api/v1/schedules": {409},  # without a Scheduler there are none
    "POST /api/v1/schedules": {409},
    "DELETE /api/v1/schedules/{name}": {409},
    "GET /api/v1/schedules/{name}": {409},
    "PUT /api/v1/schedules/{name}/state": {409},
    "POST /api/v1/tasks": {201},
    "DELETE /api/v1/tasks/{id}": {404},
    "GET /api/v1/tasks/{id}": {404},
    "POST /api/v1/tasks/{id}/redrive": {404},
    "GET /{path}": {404},
    "POST /{path}": {404},
    "POST /api/auth/refresh": {401},
    "POST /api/auth/token": {200, 401},
    "POST /api/auth/signup": {201, 409},
    "POST /api/auth/keys": {201, 422},
}
# What these change is everybody's: last, lest they take away what the walk looks for.
LAST = ("DELETE /api/v1/maintenance", "POST /api/v1/cache/clear")


@dataclass
class Ada:
    """An account and what it made; `marks` are texts that nobody else may ever be shown."""

    token: str
    account: str
    session: str
    api_key: dict
    analyses: list
    batch: str
    job: str
    waiting: str  # a job that no worker has taken
    cached: str = KEY

    @property
    def marks(self):
        shown = [self.token, self.account, self.session, self.api_key["id"], self.api_key["key"], self.batch]
        shown += [self.job, self.waiting]
        return [*shown, *self.analyses, SECRET, ADA]

    def path(self, key):
        """The route's path with what is hers."""
        place = {
            "DELETE /api/auth/keys/{id}": self.api_key["id"],
            "DELETE /api/auth/sessions/{id}": self.session,
            "GET /api/v1/analyze/batch/{id}": self.batch,
            "GET /api/v2/batch/jobs/{id}/status": self.job,
            "GET /api/v2/batch/jobs/{id}/result": self.job,
            "DELETE /api/v2/batch/jobs/{id}": self.waiting,
        }.get(key, self.analyses[0])
        path = key.split(" ")[1]
        return path.replace("{id}", place).replace("{key}", self.cached).replace("{address}", quote(ADDRESS))


def ada_at(walker):
    """Everything that can be made, by every way there is."""
    token, account, session = signed_up(walker, ADA)
    assert walker.ask("POST /api/v1/analyze", token, body={"address": ADDRESS}).status == 200
    sites = ["St. Paul, MN 55101", "Duluth, MN 55802"]
    assert walker.ask("POST /api/v1/compare", token, body={"addresses": sites}).status == 200
    batch = walker.ask("POST /api/v1/analyze/batch", token, body={"addresses": [ADDRESS, "Winona, MN 55987"]})
    warmed = walker.ask("POST /api/v2/cache/warm", token, body={"keys": ["analysis:Mankato, MN 56001"]})
    assert (batch.status, warmed.status) == (200, 200)
    ids = [each["id"] for each in walker.ask("GET /api/v1/history", token, query="limit=100").json["results"]]
    assert len(ids) == 5  # one of the request, two of the comparison, one of the batch, one that was warmed
    kept = walker.ask("PUT /api/v2/cache/{key}", token, path=f"/api/v2/cache/{KEY}", body={"value": SECRET})
    assert kept.status == 200
    key = walker.ask("POST /api/auth/keys", token, body={"name": "ada's machine", "scopes": ["read"]}).json
    work = {"job_type": "bulk_analyze", "parameters": {"addresses": [ADDRESS]}}
    job = walker.ask("POST /api/v2/batch/jobs", token, body=work).json["id"]
    return Ada(token, account, session, key, ids, batch.json["id"], job, waiting_of(account))


def waiting_of(tenant):
    """A job that stands in the table alone."""
    now = SystemClock().now()
    times = {"created_at": now.timestamp(), "expires_at": int(now.timestamp()) + 3600}
    job = Job(id=new_id(now), tenant=tenant, job_type="generate_report", priority="low", state="queued", **times)
    assert _jobs().create(job, Asked({}), 1000) == "created"
    return job.id


def still_there(walker, ada):
    """Whatever the others asked for, Ada finds what she made."""
    history = walker.ask("GET /api/v1/history", ada.token, query="limit=100").json
    assert {each["id"] for each in history["results"]} == set(ada.analyses)
    assert walker.ask("GET /api/v1/trends", ada.token, query=f"address={quote(ADDRESS)}").json["data_points"] == 1
    for key in ("report", "report.csv", "report.json"):
        for each in ada.analyses:
            route = f"GET /api/v1/analyses/{{id}}/{key}"
            assert walker.ask(route, ada.token, path=f"/api/v1/analyses/{each}/{key}").status == 200
    assert (
        walker.ask("GET /api/v1/analyze/batch/{id}", ada.token, path=f"/api/v1/analyze/batch/{ada.batch}").status == 200
    )
    assert walker.ask("GET /api/v2/cache/{key}", ada.token, path=f"/api/v2/cache/{KEY}").json["value"] == SECRET
    jobs = walker.ask("GET /api/v2/batch/jobs", ada.token).json["jobs"]
    assert {each["id"]: each["state"] for each in jobs} == {ada.job: "done", ada.waiting: "queued"}
    keys = walker.ask("GET /api/auth/keys", ada.token).json["keys"]
    assert [each["id"] for each in keys] == [ada.api_key["id"]]
    assert [each["id"] for each in walker.ask("GET /api/auth/sessions", ada.token).json["sessions"]] == [ada.session]


def described():
    paths = json.loads((ASSETS / "openapi.json").read_bytes())["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def test_the_matrix_has_every_route_of_the_description_and_of_the_template():
    assert described() <= MATRIX.keys()
    assert {plain(f"{each.method} {each.path}") for each in declared()} == MATRIX.keys()


def test_what_the_matrix_says_a_route_needs_its_entry_declares():
    assert {plain(f"{each.method} {each.path}"): each.need for each in declared()} == {
        key: row.need for key, row in MATRIX.items()
    }


@pytest.mark.parametrize("mode", ["required", "open"])
def test_nobody_gets_further_than_the_matrix_says_or_sees_what_is_adas(call, monkeypatch, world, mode):
    walker = Walker(call)
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    ada, (token, bob, _) = ada_at(walker), signed_up(walker, BOB)
    callers = callers_of(walker, world, bob, token)
    still_there(walker, ada)
    monkeypatch.setenv("AUTH_REQUIRED", "true" if mode == "required" else "false")
    forget_handlers()

    for key in sorted(described(), key=lambda each: (each in LAST, each)):
        row = MATRIX[key]
        if key == LAST[0]:
            still_there(walker, ada)  # before everybody's cache is cleared
        for caller, (scope, headers) in callers.items():
            path = ada.path(key) if "{" in key else None
            told = walker.ask(key, path=path, body=body_for(key), headers=headers)
            refused = expected(row.need, scope, is_open=mode == "open")
            if key == "POST /api/auth/keys" and "key" in caller:
                refused = 403  # a key makes no other keys
            if refused is not None:
                assert told.status == refused, (key, caller, told.text)
            elif row.foreign:
                assert (told.status, told.json["error"]) == (404, "Not found"), (key, caller, told.text)
            else:
                assert told.status in OTHERWISE.get(key, {200, 202}), (key, caller, told.text)
            text = told.text if path is None else told.text.replace(path, "")  # a problem says what was asked for
            assert not [mark for mark in ada.marks if mark in text], (key, caller)
            if key == "PUT /api/v1/maintenance" and told.status == 200:
                assert walker.ask("DELETE /api/v1/maintenance", headers=headers).status == 200


def callers_of(walker, world, account, token):
    """By name the permission that callers have (None: nobody) and the headers that they send, all of one account."""
    callers = {
        name: (scope, {} if scope is None else {"authorization": f"Bearer {minted(world, account, scope)}"})
        for name, scope in SCOPES.items()
    }
    for scope in ("read", "write"):
        key = walker.ask("POST /api/auth/keys", token, body={"name": scope, "scopes": [scope]}).json["key"]
        callers[f"{scope} key"] = (scope, {"x-api-key": key})
        callers[f"{scope} key as bearer"] = (scope, {"authorization": f"Bearer {key}"})
    return callers


def body_for(key):
    """The sample's, but where it is about an account that is not there."""
    if key == "POST /api/auth/password":
        return {"current_password": PASSWORD, "new_password": PASSWORD}
    return None


def test_what_does_not_exist_is_answered_as_what_is_anothers(call, monkeypatch, world):
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    walker = Walker(call)
    ada, (token, _, _) = ada_at(walker), signed_up(walker, BOB)
    for key in (key for key, row in MATRIX.items() if row.foreign):
        theirs, nobodys = (walker.ask(key, token, path=each.path(key)).json for each in (ada, absent()))
        for each in (theirs, nobodys):
            del each["instance"], each["request_id"]
            each["detail"] = each["detail"].replace(KEY, "").replace(NO_KEY, "")
        assert theirs == nobodys, key


def test_a_colleague_of_adas_tenant_sees_its_analyses_and_not_what_is_hers_alone(call, monkeypatch, world):
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    walker = Walker(call)
    ada, (_, bob, _) = ada_at(walker), signed_up(walker, BOB)
    colleague = minted(world, bob, "write", tenant=ada.account)
    for key, row in MATRIX.items():
        if row.foreign:
            status = walker.ask(key, colleague, path=ada.path(key)).status
            assert status == (200 if row.whose == "tenant" else 404), key
    history = walker.ask("GET /api/v1/history", colleague, query="limit=100").json
    assert {each["id"] for each in history["results"]} == set(ada.analyses)


def absent():
    """As Ada, with things that nobody made."""
    session, key, analysis, batch, job = (new_id(SystemClock().now()) for _ in range(5))
    return Ada("", "", session, {"id": key, "key": ""}, [analysis], batch, job, job, NO_KEY)
