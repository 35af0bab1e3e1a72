"""The way into a function: limits, token, cache, one round trip."""

import json
import subprocess
import sys

import pytest

from brightspot.core.clock import SystemClock
from brightspot.valkey.adapter import Valkey
from brightspot_local.keys import local_keys
from brightspot_local.paths import FUNCTIONS

PATH = "/api/v1/analyze"
ASKED = {"address": "Rochester, MN 55901"}


@pytest.fixture
def trips(monkeypatch):
    """How many round trips were made."""
    made = []
    exchange = Valkey.exchange
    monkeypatch.setattr(
        Valkey, "exchange", lambda self, commands: made.append(len(commands)) or exchange(self, commands)
    )
    return made


@pytest.fixture
def keys(monkeypatch, tmp_path):
    made = local_keys(tmp_path, SystemClock())
    monkeypatch.setenv("JWT_PUBLIC_KEYS_FILE", str(made.jwks_file))
    return made


@pytest.mark.usefixtures("shared")
def test_a_second_question_is_answered_from_the_shared_cache(call):
    first, second = (call("analyze", "POST", PATH, ASKED) for _ in range(2))
    assert [first.json["cached"], second.json["cached"]] == [False, True]
    assert second.json["id"] == first.json["id"]
    assert second.headers["content-type"] == "application/json"


@pytest.mark.usefixtures("shared")
def test_another_method_with_the_same_body_is_not_answered_from_the_cache(call):
    call("analyze", "POST", PATH, ASKED)
    assert call("analyze", "PUT", PATH, ASKED).status == 405


@pytest.mark.usefixtures("shared")
def test_a_cached_answer_takes_one_round_trip(call, trips):
    call("analyze", "POST", PATH, ASKED)
    trips.clear()
    assert call("analyze", "POST", PATH, ASKED).json["cached"] is True
    assert len(trips) == 1


@pytest.mark.usefixtures("shared")
def test_what_this_process_holds_is_answered_without_asking_for_more_than_limit_epoch_switch_and_client(
    call, trips, forgetful
):
    call("analyze", "POST", PATH, ASKED)
    trips.clear()
    call("analyze", "POST", PATH, ASKED)
    assert trips == [6]
    forgetful()
    trips.clear()
    assert call("analyze", "POST", PATH, ASKED, anew=True).json["cached"] is True
    assert len(trips) == 1
    assert trips[0] > 4


@pytest.mark.usefixtures("shared")
def test_every_answer_tells_the_limit(call):
    answer = call("analyze", "POST", PATH, ASKED)
    assert answer.headers["x-ratelimit-limit"] == "100"
    assert answer.headers["x-ratelimit-remaining"] == "99"
    assert answer.headers["ratelimit-policy"] == '"analyze";q=100;w=60'
    refused = call("analyze", "POST", PATH, {"address": ""})
    assert (refused.status, refused.headers["x-ratelimit-remaining"]) == (422, "98")


@pytest.mark.parametrize("store", [True, False])
def test_one_hundred_pass_and_the_next_is_told_when_to_come_back(call, monkeypatch, valkey_url, store):
    if store:
        monkeypatch.setenv("REDIS_URL", valkey_url)
    statuses = [call("analyze", "POST", PATH, ASKED).status for _ in range(100)]
    assert set(statuses) == {200}
    refused = call("analyze", "POST", PATH, ASKED)
    assert refused.status == 429
    assert (refused.json["error"], refused.json["detail"]) == ("Rate limit exceeded", "100 per 1 minute")
    assert refused.json["error_class"] == "rate_limit"
    assert 1 <= int(refused.headers["retry-after"]) <= 60


@pytest.mark.usefixtures("shared")
def test_another_address_has_a_limit_of_its_own(call):
    call("analyze", "POST", PATH, ASKED)
    assert call("analyze", "POST", PATH, ASKED, client="198.51.100.7").headers["x-ratelimit-remaining"] == "99"


@pytest.mark.usefixtures("shared")
def test_limits_come_before_tokens(call, monkeypatch):
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    statuses = [call("analyze", "POST", PATH, ASKED).status for _ in range(101)]
    assert (set(statuses[:100]), statuses[100]) == ({401}, 429)


@pytest.mark.usefixtures("shared")
def test_nothing_is_answered_from_the_cache_before_the_caller_may_see_it(call, monkeypatch, keys):
    call("analyze", "POST", PATH, ASKED)
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    refused = call("analyze", "POST", PATH, ASKED, anew=True)
    assert refused.status == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.json["error_class"] == "authentication"
    token = {"authorization": f"Bearer {keys.admin_token}"}
    assert call("analyze", "POST", PATH, ASKED, headers=token).json["cached"] is True


def test_a_token_that_is_sent_must_be_good_even_where_none_is_needed(call, keys):
    header, claims, signature = keys.admin_token.split(".")
    bad = {"authorization": f"Bearer {header}.{claims}.{signature[::-1]}"}
    assert call("analyze", "POST", PATH, ASKED, headers=bad).status == 401


@pytest.mark.usefixtures("shared")
def test_a_token_that_claims_another_tenant_sees_nothing_of_it(call, keys):
    header, _, signature = keys.admin_token.split(".")
    forged = f"{header}.eyJ0ZW5hbnQiOiJvdGhlciJ9.{signature}"
    assert call("analyze", "POST", PATH, ASKED, headers={"authorization": f"Bearer {forged}"}).status == 401


@pytest.mark.usefixtures("shared")
def test_only_the_admin_clears_the_cache_and_learns_how_many_went(call, keys):
    call("analyze", "POST", PATH, ASKED)
    assert call("cache", "POST", "/api/v1/cache/clear", {}).status == 401
    token = {"authorization": f"Bearer {keys.admin_token}"}
    cleared = call("cache", "POST", "/api/v1/cache/clear", {}, headers=token)
    assert (cleared.status, cleared.json) == (200, {"message": "Cleared 1 cache entries", "count": 1})
    assert call("analyze", "POST", PATH, ASKED).json["cached"] is False
    wrong = call("cache", "POST", "/api/v1/cache/clear", {"namespace": "books"}, headers=token)
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (422, "namespace")


def test_a_clear_that_cannot_be_told_everywhere_is_a_503(call, monkeypatch, keys):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    token = {"authorization": f"Bearer {keys.admin_token}"}
    answer = call("cache", "POST", "/api/v1/cache/clear", {}, headers=token)
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert answer.json["error_class"] == "external_service"


def test_without_the_store_requests_are_answered_and_health_is_degraded(call, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    answers = [call("analyze", "POST", PATH, ASKED) for _ in range(3)]
    assert [each.status for each in answers] == [200] * 3
    assert [each.json["cached"] for each in answers] == [False, True, True]
    health = call("health", "GET", "/health")
    assert (health.status, health.json["status"], health.json["features"]["redis_caching"]) == (200, "degraded", False)


HEAVY = (
    "fastapi",
    "starlette",
    "pydantic",
    "botocore",
    "boto3",
    "pynamodb",
    "jwt",
    "joserfc",
    "jose",
    "cryptography.hazmat",
    "urllib.request",
)


def test_the_path_of_a_cached_answer_imports_no_framework_aws_or_token_library(call, valkey_url, monkeypatch):
    monkeypatch.setenv("REDIS_URL", valkey_url)
    event = call("analyze", "POST", PATH, ASKED).event
    code = f"""
import json, sys
sys.path.insert(0, {str(FUNCTIONS / "analyze")!r})
import analyze_handler
answer = analyze_handler.handler(json.loads(sys.argv[1]), None)
loaded = [name for name in {HEAVY} if name in sys.modules]
print(json.dumps([answer["statusCode"], json.loads(answer["body"])["cached"], loaded]))
"""
    done = subprocess.run([sys.executable, "-c", code, json.dumps(event)], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == [200, True, []]


def test_limits_by_address_user_and_proxy_import_nothing_that_the_way_in_has_not_imported_before_them():
    code = """
import sys
import brightspot.cache, brightspot.resilience, brightspot.security, brightspot.telemetry, brightspot.valkey, mangum
import brightspot.core.ids
before = set(sys.modules)
import brightspot.http.client, brightspot.http.limiting, brightspot.http.policies
print(sorted(name for name in set(sys.modules) - before if not name.startswith("brightspot.")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
