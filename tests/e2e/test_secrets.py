"""A whole run of the local system with secrets in every place they can be sent to: no log and no error tells one."""

import json
import os
import re
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from tests.e2e.conftest import start
from tests.e2e.secrets_told import Secrets

PASSWORD, OTHER, WRONG = "correct-horse-battery-staple", "another-horse-another-staple", "this-was-never-the-password"
EMAIL = "ada@example.org"
# Where people put secrets by mistake.
HEADERS = ("user-agent", "referer", "cookie", "x-forwarded-for", "idempotency-key", "prefer", "x-request-id")
# What has the right to hold secrets: readable by its owner only, as other tests see to.
KEPT = {"admin-token", "keys/private.pem", "keys/audit.pem", "valkey/password"}


@dataclass
class Run:
    """What was used, and everything that anybody could read of it afterwards."""

    secrets: Secrets
    data: Path
    refusals: list[httpx.Response] = field(default_factory=list)
    terminal: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The system, used well and badly by one client, then ended."""
    secrets = Secrets()
    data = tmp_path_factory.mktemp("data")
    cache_key = secrets.add("cache key", os.urandom(32))
    proxy = secrets.add("proxy secret", "what-the-edge-says-to-prove-itself")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LOG_LEVEL", "DEBUG")
        environment.setenv("INTRUSION_ALLOW", "127.0.0.0/8")  # it does what attackers do, and must get through
        environment.setenv("CACHE_ENCRYPTION_KEYS", f"k1:{b64encode(cache_key).decode()}")
        environment.setenv("TRUSTED_PROXY_SECRET", proxy)
        system = start(data)
    made = Run(secrets, data)
    try:
        with httpx.Client(base_url=system.url, timeout=60) as client:
            client.event_hooks["response"].append(lambda answer: _keep(made, answer))
            _use(client, made)
    finally:
        system.stop()
    made.terminal = system.lines
    return made


def _keep(made, answer):
    if answer.status_code >= 400:
        answer.read()
        made.refusals.append(answer)


def _use(client, made):
    secrets = made.secrets
    secrets.add("admin token", (made.data / "admin-token").read_text().strip())
    secrets.add("valkey password", (made.data / "valkey/password").read_text().strip())
    for name in ("private", "audit"):
        key = load_pem_private_key((made.data / f"keys/{name}.pem").read_bytes(), None)
        secrets.add(f"{name} key", key.private_bytes_raw())
        secrets.add(
            f"{name} key (PEM)", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).split()[3]
        )
    for name, value in {"password": PASSWORD, "other password": OTHER, "wrong password": WRONG}.items():
        secrets.add(name, value)
    tokens = _as_meant(client, secrets)
    _mistaken(client, tokens)
    for each in (*tokens.values(), PASSWORD):
        _misplaced(client, each)
    _failing(client, made)


def _as_meant(client, secrets):
    """Signed up, logged in, refreshed, with an API key changed for a token: all secrets that the system makes."""
    first = _pair(client, "/api/auth/signup", {"email": EMAIL, "password": PASSWORD}, secrets, "signup")
    second = _pair(client, "/api/auth/login", {"email": EMAIL, "password": PASSWORD}, secrets, "login")
    third = _pair(client, "/api/auth/refresh", {"refresh_token": second["refresh_token"]}, secrets, "refresh")
    bearer = {"authorization": f"Bearer {third['access_token']}"}
    asked = {"name": "for a machine", "scopes": ["read"]}
    key = secrets.add("API key", client.post("/api/auth/keys", json=asked, headers=bearer).json()["key"])
    token = client.post("/api/auth/token", headers={"x-api-key": key}).json()["access_token"]
    secrets.add("access token of the key", token)
    client.get("/api/auth/me", headers=bearer)
    client.get("/api/auth/sessions", headers=bearer)
    asked = {"current_password": PASSWORD, "new_password": OTHER}
    assert client.post("/api/auth/password", json=asked, headers=bearer).status_code == 200
    return {
        "access": third["access_token"],
        "refresh": third["refresh_token"],
        "used": first["refresh_token"],
        "key": key,
    }


def _pair(client, path, body, secrets, name):
    answer = client.post(path, json=body)
    assert answer.is_success, answer.text
    pair = answer.json()
    secrets.add(f"access token of {name}", pair["access_token"])
    secrets.add(f"refresh token of {name}", pair["refresh_token"])
    return pair


def _mistaken(client, tokens):
    """Wrong passwords, broken bodies, tokens that are none."""
    for body in (
        {"email": EMAIL, "password": WRONG},
        {"email": EMAIL, "password": PASSWORD, "remember": PASSWORD},
        {"email": PASSWORD, "password": [PASSWORD]},
    ):
        client.post("/api/auth/login", json=body)
    client.post("/api/auth/signup", json={"email": EMAIL, "password": PASSWORD})
    client.post("/api/auth/signup", json={"email": PASSWORD, "password": PASSWORD})
    client.post("/api/auth/signup", json={"email": "eve@example.org", "password": tokens["key"] * 4})
    client.post("/api/auth/login", content=f'{{"password": "{PASSWORD}"', headers={"content-type": "application/json"})
    client.post("/api/auth/login", data={"email": EMAIL, "password": PASSWORD})
    client.post("/api/auth/refresh", json={"refresh_token": tokens["used"]})
    client.post("/api/auth/refresh", json={"refresh_token": tokens["access"]})
    client.post("/api/auth/token", headers={"x-api-key": tokens["refresh"]})
    client.post(
        "/api/auth/token", headers={"authorization": f"Basic {b64encode(f'{EMAIL}:{PASSWORD}'.encode()).decode()}"}
    )
    for sent in (
        tokens["access"][:-2],
        f"{tokens['access']}A",
        tokens["key"],
        tokens["refresh"],
        PASSWORD,
        f"x{tokens['access']}",
    ):
        client.get("/api/auth/me", headers={"authorization": f"Bearer {sent}"})


def _misplaced(client, secret):
    """One secret in the query, in headers, in bodies that are no logins, and in paths."""
    text = quote(secret, safe="")
    client.get(f"/api/auth/me?access_token={text}")
    client.get(f"/api/v1/history?limit={text}")
    client.get(f"/health?{text}")
    for name in HEADERS:
        client.get("/health", headers={name: secret})
    client.post("/api/v1/analyze", json={"address": secret})
    client.post("/api/v1/analyze", json={"address": "Rochester, MN 55901", secret: 1, "persona": secret})
    client.post("/api/v1/analyze/batch", json={"addresses": [secret, "55901"]})
    client.post("/api/v1/search", json={"states": [secret]})
    bearer = {"authorization": f"Bearer {secret}"}
    client.post("/api/v1/cache/clear", json={"namespace": secret}, headers=bearer)
    for path in ("/api/v1/history/", "/api/v1/trends/", "/api/auth/sessions/", "/api/v2/cache/", "/nothing/"):
        client.get(f"{path}{text}")
        client.delete(f"{path}{text}", headers=bearer)


def _failing(client, made):
    """Errors that administrators can cause."""
    bearer = {"authorization": f"Bearer {(made.data / 'admin-token').read_text().strip()}"}
    client.get("/api/v1/audit?cursor=nonsense", headers=bearer)
    client.post("/api/v1/cache/clear", json={"namespace": "nothing-of-this-name"}, headers=bearer)
    client.post("/api/v1/circuit-breakers/reset", json={"name": PASSWORD}, headers=bearer)
    client.put("/api/v1/maintenance", json={"on": "maybe", "reason": 5}, headers=bearer)


def test_the_run_did_what_it_is_about(run):
    assert len(run.secrets.names) >= 14
    assert {answer.status_code for answer in run.refusals} >= {400, 401, 404, 409, 415, 422}
    events = {each.get("message") for each in _log_lines(run.data)}
    assert events >= {"account_created", "session_started", "login_refused", "token_refused", "api_key_created"}


def _log_lines(data):
    for file in (data / "logs").glob("*.log"):
        for line in file.read_text(errors="replace").splitlines():
            if line.startswith('{"level"'):
                yield json.loads(line)


def test_no_log_file_tells_a_secret(run):
    told = {
        str(file.relative_to(run.data)): run.secrets.found(file.read_bytes()) for file in (run.data / "logs").iterdir()
    }
    assert {"logs/auth.log", "logs/valkey.log", "logs/ministack.log"} <= set(told)
    assert {name: found for name, found in told.items() if found} == {}


def test_metrics_are_among_what_was_read(run):
    assert any('"_aws"' in file.read_text(errors="replace") for file in (run.data / "logs").iterdir())


def test_the_terminal_tells_the_admin_token_where_it_is_meant_to_and_nothing_else(run):
    told = {line[:14]: found for line in run.terminal if (found := run.secrets.found(line)) and found != ["password"]}
    assert told == {"admin    token": ["admin token"]}
    passwords = [line for line in run.terminal if run.secrets.found(line) == ["password"]]
    assert passwords  # whoever sends one as a path reads it in the line of that request, and the same here
    assert all(re.match(r"\d{3}  (GET|DELETE) /", line) for line in passwords)


def test_what_administrators_did_is_signed_when_the_system_ends(run):
    assert any(line.startswith("audit    signed up to entry ") for line in run.terminal)
    assert json.loads((run.data / "audit-anchors/admin/00000001.json").read_text())["statement"]["last"] >= 2


def test_no_error_tells_a_secret_but_a_password_to_whoever_sent_it_as_something_else(run):
    told = []
    for answer in run.refusals:
        found = set(run.secrets.found(answer.content + str(answer.headers).encode()))
        if not answer.request.url.path.startswith("/api/auth/") or answer.request.method != "POST":
            found -= {"password"}  # sent as an address, a name or a path, and repeated as one: it has no shape to know
        if found:
            told.append((str(answer.request.url), answer.status_code, found))
    assert told == []


def test_nothing_that_is_kept_holds_a_secret_as_it_is(run):
    """But what a client itself chose as the name of something: a cached value, a breaker."""
    chosen = {"password", "API key", "access token of refresh", "refresh token of refresh", "refresh token of signup"}
    held = {
        name: found
        for file in run.data.rglob("*")
        if file.is_file() and (name := str(file.relative_to(run.data))) not in KEPT
        if (found := set(run.secrets.found(file.read_bytes())) - chosen)
    }
    assert held == {}
