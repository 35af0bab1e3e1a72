"""Every route of the template, asked by everybody in both modes, answers as the declared matrix says."""

import json
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from brightspot.core.codec import dumps
from brightspot.identity import identity as identity_of_process
from brightspot.identity.backend import _stores
from brightspot.security import PERMISSIONS, to_base64url
from brightspot_local.access import PAGE, page
from brightspot_local.dev.intrinsics import Intrinsics
from brightspot_local.dev.template import functions, load, routes
from brightspot_local.paths import EVENTS

SAMPLES = {each.get("routeKey"): each for each in (json.loads(file.read_text()) for file in EVENTS.glob("*.json"))}
# What these samples are answered by a process that knows no account; those who may pass are told so, too.
ANSWERS = {
    "POST /api/v1/monitoring/alerts/silences": 201,
    "POST /api/auth/login": 401,
    "POST /api/auth/refresh": 401,
    "POST /api/auth/signup": 201,
    "POST /api/auth/password": 404,
    "GET /api/auth/me": 404,
    "POST /api/auth/keys": 404,
    "POST /api/auth/token": 401,
    "DELETE /api/v1/monitoring/security/blocks/{client+}": 404,
    "POST /api/v1/monitoring/reports": 201,
    "GET /api/v1/schedules": 409,  # without a Scheduler there are none
    "POST /api/v1/schedules": 409,
    "DELETE /api/v1/schedules/{name}": 409,
    "GET /api/v1/schedules/{name}": 409,
    "PUT /api/v1/schedules/{name}/state": 409,
    "POST /api/v1/tasks": 201,
    "DELETE /api/v1/tasks/{id}": 404,
    "GET /api/v1/tasks/{id}": 404,
    "POST /api/v1/tasks/{id}/redrive": 404,
    "POST /api/v2/batch/uploads": 201,
    "POST /api/v2/batch/jobs": 202,
}
CALLERS = {"nobody": None, "user": "", **{f"{each} token": each for each in PERMISSIONS}}


@pytest.fixture
def tokens(monkeypatch, tmp_path):
    key = Ed25519PrivateKey.generate()
    public = to_base64url(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    jwk = {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "k1", "x": public}
    monkeypatch.setenv("JWT_PUBLIC_KEYS", dumps({"keys": [jwk]}).decode())
    file = tmp_path / "private.pem"
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    monkeypatch.setenv("JWT_PRIVATE_KEYS_FILE", str(file))

    def mint(scope):
        now = int(time.time())
        head = {"alg": "EdDSA", "kid": "k1", "typ": "at+jwt"}
        claims = {"iss": "brightspot", "aud": "brightspot-api", "sub": "u1", "jti": "t1", "iat": now, "exp": now + 600}
        signed = f"{to_base64url(dumps(head))}.{to_base64url(dumps({**claims, 'scope': scope}))}"
        return f"{signed}.{to_base64url(key.sign(signed.encode()))}"

    return {name: None if scope is None else mint(scope) for name, scope in CALLERS.items()}


def cells():
    """(route, mode, caller, allowed or status) of every cell of the page."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in page().splitlines() if line[:1] == "|"]
    heads = lines[0][2:]
    for route, _need, *outcomes in lines[2:]:
        for head, outcome in zip(heads, outcomes, strict=True):
            mode, _, caller = head.rpartition(": ")
            yield route, mode or "required", caller, outcome


def test_the_page_is_in_step_with_the_entries():
    assert PAGE.read_text() == page()


def test_every_cell_of_the_matrix_is_true(call, monkeypatch, tokens):
    template = load()
    folders = {name: each.folder.name for name, each in functions(Intrinsics(template, {"Env": "local"})).items()}
    where = {route.key: (folders[route.function], route) for route in routes(template)}
    seen = 0
    for key, mode, caller, expected in sorted(cells(), key=lambda cell: cell[1]):
        monkeypatch.setenv("AUTH_REQUIRED", "true" if mode == "required" else "false")
        folder, route = where[key]
        path, body = SAMPLES[key]["rawPath"], SAMPLES[key].get("body")
        headers = {} if tokens[caller] is None else {"authorization": f"Bearer {tokens[caller]}"}
        query = SAMPLES[key]["rawQueryString"]
        identity_of_process.cache_clear()
        _stores.cache_clear()
        status = call(folder, route.method, path, body, query=query, headers=headers, anew=True).status
        absent = (
            "{id}" in route.path or "/{path+}" in key or key == "GET /api/v2/cache/{key}"
        )  # there is no such thing, but one may ask
        found = ANSWERS.get(key) or (404 if absent else 200)
        assert status == (found if expected == "yes" else int(expected)), (key, mode, caller)
        seen += 1
    assert seen == len(where) * 2 * len(CALLERS)
