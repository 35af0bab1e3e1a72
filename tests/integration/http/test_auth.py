"""The auth function over its Lambda entry: its tables in moto, its sessions' ends in Valkey."""

import json

import pytest

from brightspot.identity.backend import _tables, identity
from brightspot_local.keys import local_keys
from tests.integration.identity.conftest import PREFIX, aws  # noqa: F401  # a fixture

EMAIL, PASSWORD, OTHER = "ada@example.org", "correct horse battery", "another horse entirely"
CREDENTIALS = {"email": EMAIL, "password": PASSWORD}


@pytest.fixture(autouse=True)
def _keys(monkeypatch, tmp_path):
    from brightspot.core.clock import SystemClock

    keys = local_keys(tmp_path, SystemClock())
    monkeypatch.setenv("JWT_PUBLIC_KEYS_FILE", str(keys.jwks_file))
    monkeypatch.setenv("JWT_PRIVATE_KEYS_FILE", str(keys.private_file))
    monkeypatch.setenv("RATE_LIMIT_SIGNUP", "100/60")
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "100/60")
    return keys


@pytest.fixture
def ask(call):
    """`ask("POST", "login", {...}, token)`."""

    def send(method, path, body=None, token=None, **more):
        headers = {"user-agent": "a test", **({} if token is None else {"authorization": f"Bearer {token}"})}
        return call("auth", method, f"/api/auth/{path}", body, headers=headers, **more)

    return send


@pytest.fixture
def another_instance(forgetful):
    def forget():
        forgetful()
        identity.cache_clear()
        _tables.cache_clear()

    return forget


@pytest.fixture
def tables(monkeypatch, aws):  # noqa: F811
    monkeypatch.setenv("TABLE_PREFIX", PREFIX)
    return aws


@pytest.fixture
def shared(monkeypatch, valkey_url):
    monkeypatch.setenv("REDIS_URL", valkey_url)


@pytest.mark.usefixtures("tables", "shared")
def test_an_account_lives_its_life(ask):
    made = ask("POST", "signup", CREDENTIALS)
    assert (made.status, made.headers["cache-control"]) == (201, "no-store")
    token = made.json["access_token"]
    me = ask("GET", "me", token=token)
    assert (me.status, me.json["email"], me.json["scopes"]) == (200, EMAIL, ["read", "write"])
    following = ask("POST", "refresh", {"refresh_token": made.json["refresh_token"]})
    again = ask("POST", "refresh", {"refresh_token": made.json["refresh_token"]})
    assert following.json["refresh_token"] == again.json["refresh_token"]
    changed = ask("POST", "password", {"current_password": PASSWORD, "new_password": OTHER}, token)
    assert (changed.status, changed.json) == (200, {"ended": 0})
    assert ask("POST", "login", CREDENTIALS).status == 401
    there = ask("POST", "login", {**CREDENTIALS, "password": OTHER}).json
    listed = ask("GET", "sessions", token=there["access_token"]).json["sessions"]
    assert [(each["current"], each["client"]) for each in listed] == [(True, "a test"), (False, "a test")]
    ended = ask("DELETE", f"sessions/{made.json['session']}", token=there["access_token"])
    assert (ended.status, ended.json) == (200, {"ended": 1})
    assert ask("POST", "refresh", {"refresh_token": following.json["refresh_token"]}).status == 401
    assert ask("POST", "logout", {"refresh_token": there["refresh_token"]}).json == {"ended": 1}
    assert ask("POST", "logout", {"refresh_token": there["refresh_token"]}).json == {"ended": 0}


@pytest.mark.usefixtures("tables", "shared")
def test_an_access_token_ends_with_its_session_in_every_function_and_instance(ask, call, another_instance):
    tokens = ask("POST", "signup", CREDENTIALS).json
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    assert call("circuit_breakers", "GET", "/api/v1/circuit-breakers", headers=bearer).status == 200
    ask("POST", "logout", {"refresh_token": tokens["refresh_token"]})
    another_instance()
    refused = call("circuit_breakers", "GET", "/api/v1/circuit-breakers", headers=bearer, anew=True)
    assert (refused.status, refused.json["error"]) == (401, "Authentication required")
    assert ask("GET", "me", token=tokens["access_token"]).status == 401


@pytest.mark.usefixtures("tables")
def test_without_a_shared_store_a_session_ends_all_the_same(ask, another_instance):
    tokens = ask("POST", "signup", CREDENTIALS).json
    another_instance()
    assert ask("POST", "logout", {"refresh_token": tokens["refresh_token"]}, anew=True).json == {"ended": 1}
    assert ask("POST", "refresh", {"refresh_token": tokens["refresh_token"]}).status == 401


@pytest.mark.usefixtures("tables")
def test_a_stolen_refresh_token_ends_the_session_for_thief_and_owner(ask, monkeypatch):
    monkeypatch.setenv("JWT_REFRESH_GRACE", "0s")
    first = ask("POST", "signup", CREDENTIALS).json
    second = ask("POST", "refresh", {"refresh_token": first["refresh_token"]}).json
    for each in (first, second):
        refused = ask("POST", "refresh", {"refresh_token": each["refresh_token"]})
        assert refused.status == 401
        assert refused.json["detail"] == "the refresh token is not accepted; log in again"
        assert refused.headers["www-authenticate"].startswith("Bearer ")


def test_unknown_user_and_wrong_password_get_the_same_answer(ask):
    ask("POST", "signup", CREDENTIALS)
    wrong, unknown = (
        ask("POST", "login", each).json
        for each in ({**CREDENTIALS, "password": OTHER}, {**CREDENTIALS, "email": "bob@example.org"})
    )
    wrong.pop("request_id"), unknown.pop("request_id")
    assert wrong == unknown


def test_an_address_is_taken_once(ask):
    ask("POST", "signup", CREDENTIALS)
    taken = ask("POST", "signup", {**CREDENTIALS, "email": "ADA@example.org "})
    assert (taken.status, taken.json["error"]) == (409, "Conflict")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": EMAIL}, "password"),
        ({"email": "ada", "password": PASSWORD}, "email"),
        ({"email": EMAIL, "password": "short"}, "password"),
        ({"email": EMAIL, "password": PASSWORD, "scopes": ["admin"]}, "scopes"),
        ({"email": {"$ne": ""}, "password": PASSWORD}, "email"),
    ],
)
def test_what_cannot_be_an_account_is_told_field_by_field(ask, body, field):
    refused = ask("POST", "signup", body)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, field)
    assert PASSWORD not in refused.text


def test_nothing_that_is_kept_or_logged_lets_anybody_in(ask, tables, caplog):
    caplog.set_level("DEBUG", "brightspot")
    tokens = ask("POST", "signup", CREDENTIALS).json
    second = ask("POST", "refresh", {"refresh_token": tokens["refresh_token"]}).json
    kept = tables.text_of("accounts") + tables.text_of("sessions")
    logged = json.dumps([{name: str(value) for name, value in vars(each).items()} for each in caplog.records])
    secrets = [PASSWORD, *(each[name] for each in (tokens, second) for name in ("access_token", "refresh_token"))]
    assert [each for each in secrets if each in kept + logged or each[-43:] in kept + logged] == []


def test_the_published_keys_prove_what_was_issued(ask, call):
    token = ask("POST", "signup", CREDENTIALS).json["access_token"]
    told = call("auth", "GET", "/.well-known/jwks.json")
    (key,) = told.json["keys"]
    assert set(key) == {"kty", "crv", "x", "kid", "alg", "use"}
    from brightspot.core.clock import SystemClock
    from brightspot.security import KeySettings, TokenSettings, TokenVerifier, configured_keys

    keys = configured_keys(KeySettings(text=told.text))
    assert TokenVerifier(lambda: keys, TokenSettings(), SystemClock()).verify(token).level == "write"


def test_signup_login_and_the_rest_are_counted_apart(ask, monkeypatch):
    for name in ("SIGNUP", "LOGIN"):
        monkeypatch.delenv(f"RATE_LIMIT_{name}")
    signups = [ask("POST", "signup", {"email": "x", "password": "y"}).status for _ in range(6)]
    logins = [ask("POST", "login", {"email": "x", "password": "y"}).status for _ in range(11)]
    assert signups == [422] * 5 + [429]
    assert logins == [401] * 10 + [429]
    assert ask("POST", "logout", {"refresh_token": "x"}).status == 200


def test_without_keys_nobody_is_let_in_and_nothing_breaks(ask, monkeypatch):
    monkeypatch.delenv("JWT_PRIVATE_KEYS_FILE")
    refused = ask("POST", "signup", CREDENTIALS)
    assert (refused.status, refused.json["detail"].partition(":")[0]) == (503, "logins are not set up here")


def test_while_the_tables_are_away_one_is_asked_to_come_back(ask, tables):
    for each in ("accounts", "sessions"):
        tables.dynamodb.delete_table(TableName=f"{PREFIX}-{each}")
    refused = ask("POST", "login", CREDENTIALS)
    assert (refused.status, refused.json["error"]) == (503, "Database unavailable")


def test_a_secret_instead_of_keys_signs_and_is_not_published(ask, call, monkeypatch):
    monkeypatch.setenv("JWT_SECRET", "a secret of at least thirty-two bytes")
    monkeypatch.delenv("JWT_PRIVATE_KEYS_FILE")
    token = ask("POST", "signup", CREDENTIALS).json["access_token"]
    assert ask("GET", "me", token=token).status == 200
    assert "hs256" not in call("auth", "GET", "/.well-known/jwks.json").text


@pytest.mark.usefixtures("tables", "shared")
def test_a_machine_lives_by_its_key_until_that_is_ended(ask, call):
    token = ask("POST", "signup", CREDENTIALS).json["access_token"]
    made = ask("POST", "keys", {"name": "nightly", "scopes": ["read"]}, token)
    assert (made.status, made.json["key"][:3]) == (201, "bs_")
    by_header = call("auth", "POST", "/api/auth/token", headers={"x-api-key": made.json["key"]})
    by_bearer = ask("POST", "token", token=made.json["key"])
    assert (by_header.status, by_bearer.status, by_header.json["scope"]) == (200, 200, "read")
    bearer = {"authorization": f"Bearer {by_header.json['access_token']}"}
    assert call("circuit_breakers", "GET", "/api/v1/circuit-breakers", headers=bearer).status == 200
    assert call("cache", "POST", "/api/v1/cache/clear", {}, headers=bearer).status == 403
    assert ask("POST", "keys", {"name": "x", "scopes": ["read"]}, by_header.json["access_token"]).status == 403
    (listed,) = ask("GET", "keys", token=token).json["keys"]
    assert (listed["name"], listed["last_used_at"] is None) == ("nightly", False)
    assert ask("DELETE", f"keys/{listed['id']}", token=token).json == {"ended": 1}
    assert ask("POST", "token", token=made.json["key"]).status == 401
    assert call("circuit_breakers", "GET", "/api/v1/circuit-breakers", headers=bearer).status == 401


@pytest.mark.usefixtures("tables")
def test_under_maintenance_those_who_may_end_it_are_let_in(ask, monkeypatch, another_instance):
    made = ask("POST", "signup", CREDENTIALS).json
    monkeypatch.setenv("MAINTENANCE_MODE", "true")
    another_instance()
    assert ask("POST", "login", CREDENTIALS, anew=True).status == 200
    assert ask("POST", "refresh", {"refresh_token": made["refresh_token"]}).status == 200
    assert ask("POST", "signup", {**CREDENTIALS, "email": "bob@example.org"}).status == 503


def test_what_belongs_to_an_account_is_stored_nowhere(ask, call):
    token = ask("POST", "signup", CREDENTIALS).json["access_token"]
    for path in ("me", "sessions", "keys"):
        answer = ask("GET", path, token=token)
        assert (answer.status, answer.headers["cache-control"], "etag" in answer.headers) == (200, "no-store", False)
