"""The whole app in one process: every function by its entry, all tables in moto, a real Valkey, people who sign up."""

import json
from dataclasses import dataclass, field

import botocore.session
import pytest
from moto import mock_aws

from brightspot.core.clock import SystemClock
from brightspot.core.ids import new_id
from brightspot.security import KeySettings, configured_keys, signed_token, signing_key
from brightspot_local.dev.intrinsics import REGION, Intrinsics
from brightspot_local.dev.template import functions, load, routes
from brightspot_local.keys import local_keys
from brightspot_local.paths import EVENTS
from brightspot_local.services import resources

PASSWORD = "correct horse battery"  # of every account here
SAMPLES = {each.get("routeKey"): each for each in (json.loads(file.read_text()) for file in EVENTS.glob("*.json"))}


def plain(route):
    return route.replace("+}", "}")


@pytest.fixture
def world(monkeypatch, tmp_path, valkey_url):
    """All tables in moto, a real Valkey, keys to sign with, and no limits."""
    keys = local_keys(tmp_path, SystemClock())
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "TABLE_PREFIX": "brightspot-local",
        "REPORTS_BUCKET": "brightspot-local-reports-000000000000-us-east-1",
        "JOBS_BUCKET": "brightspot-local-jobs-000000000000-us-east-1",
        "REDIS_URL": valkey_url,
        "RATE_LIMIT_ENABLED": "false",
        "JWT_PUBLIC_KEYS_FILE": str(keys.jwks_file),
        "JWT_PRIVATE_KEYS_FILE": str(keys.private_file),
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        session = botocore.session.get_session()
        dynamodb, s3 = (session.create_client(each, REGION) for each in ("dynamodb", "s3"))
        for stack in Intrinsics(load(), {"Env": "local"}).stacks():
            resources._create_tables(stack, dynamodb)
            resources._create_buckets(stack, s3)
        published = configured_keys(KeySettings(file=str(keys.jwks_file)))
        yield signing_key(keys.private_file.read_bytes(), published, "JWT_PRIVATE_KEYS_FILE")


@dataclass
class Walker:
    """Sends requests to whichever function has the route."""

    call: object
    where: dict = field(default_factory=dict)

    def __post_init__(self):
        template = load()
        folders = {name: each.folder.name for name, each in functions(Intrinsics(template, {"Env": "local"})).items()}
        self.where = {plain(route.key): (folders[route.function], route) for route in routes(template)}

    def ask(self, key, token=None, *, path=None, body=None, query=None, headers=None, client="192.0.2.1"):
        folder, route = self.where[key]
        sample = SAMPLES[route.key]
        sent = {} if token is None else {"authorization": f"Bearer {token}"}
        return self.call(
            folder,
            route.method,
            path or sample["rawPath"],
            sample.get("body") if body is None else body,
            query=sample["rawQueryString"] if query is None else query,
            headers={**sent, **(headers or {})},
            client=client,
            route=route.key,
        )


def signed_up(walker, email):
    told = walker.ask("POST /api/auth/signup", body={"email": email, "password": PASSWORD}).json
    me = walker.ask("GET /api/auth/me", told["access_token"]).json
    return told["access_token"], me["id"], told["session"]


def minted(key, account, scope, tenant=None):
    """A token of an account's with this scope, as an operator may give one."""
    at = SystemClock().now()
    now = int(at.timestamp())
    claims = {
        "iss": "brightspot",
        "aud": "brightspot-api",
        "sub": account,
        "jti": new_id(at),
        "iat": now,
        "exp": now + 600,
    }
    return signed_token(key, {**claims, "scope": scope, "tenant": tenant or account})
