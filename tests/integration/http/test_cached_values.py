"""/api/v2/cache: values of clients' own, kept by key in two levels, loaded ahead, and told of by level."""

import time

import pytest

from tests.unit.security.signing import ed25519, key_set

WARM, ANALYTICS = "/api/v2/cache/warm", "/api/v2/cache/analytics"


def path(key):
    return f"/api/v2/cache/{key}"


@pytest.fixture
def values(call):
    """`values("PUT", "key", {...})`: the answer."""

    def asked(method, key, body=None, **options):
        return call("cached_values", method, path(key), body, **options)

    return asked


@pytest.mark.usefixtures("shared")
def test_what_is_kept_is_found_by_every_instance_until_it_is_deleted(values, forgetful):
    kept = values("PUT", "list:a", {"value": {"zips": ["55901"]}, "ttl": 60, "tags": ["client:7"]})
    assert (kept.status, kept.json) == (
        200,
        {"key": "list:a", "ttl_seconds": 60.0, "tags": ["client:7"], "size_bytes": 18},
    )
    here = values("GET", "list:a").json
    assert (here["value"], here["level"]) == ({"zips": ["55901"]}, "memory")
    forgetful()
    there = values("GET", "list:a", anew=True)
    assert (there.json["value"], there.json["level"]) == ({"zips": ["55901"]}, "redis")
    assert 0 < there.json["ttl_seconds"] <= 60
    assert there.headers["cache-control"] == "no-store"
    assert values("DELETE", "list:a").json == {"key": "list:a", "deleted": True}
    assert values("DELETE", "list:a").json["deleted"] is False
    assert values("GET", "list:a").status == 404


def test_without_a_store_this_process_keeps_them(values):
    assert values("PUT", "k", {"value": None}).json["ttl_seconds"] == 3600
    assert values("GET", "k").json["value"] is None
    assert values("DELETE", "k").json["deleted"] is True
    assert values("GET", "k").status == 404


@pytest.mark.usefixtures("shared")
def test_a_value_that_another_instance_replaced_is_asked_for_again_when_its_seconds_here_are_over(
    values, forgetful, monkeypatch
):
    monkeypatch.setenv("CACHE_VALUES_L1_SECONDS", "0")
    values("PUT", "k", {"value": 1})
    first = values("GET", "k")
    values("PUT", "k", {"value": 2})
    forgetful()
    assert (first.json["value"], first.json["level"]) == (1, "redis")
    assert values("GET", "k", anew=True).json["value"] == 2


@pytest.mark.usefixtures("shared")
def test_with_the_store_away_nothing_is_called_kept_or_deleted(values, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("REDIS_CONNECT_TIMEOUT_MS", "100")
    assert [values("PUT", "k", {"value": 1}).status, values("DELETE", "k").status] == [503, 503]
    assert values("GET", "k").status == 404


@pytest.mark.usefixtures("shared")
def test_a_tag_clears_the_values_that_have_it(values, call, admin, forgetful):
    for key, tags in (("a", ["client:7"]), ("b", ["client:8"]), ("c", ["client:7", "x"])):
        values("PUT", key, {"value": key, "tags": tags}, headers=admin)
    cleared = call(
        "cache", "POST", "/api/v1/cache/clear", {"namespace": "values", "tag": "client:7"}, headers=admin, anew=True
    )
    assert (cleared.status, cleared.json["count"]) == (200, 2)
    forgetful()
    assert [values("GET", key, anew=True).status for key in "abc"] == [404, 200, 404]


@pytest.mark.usefixtures("shared")
def test_warming_tells_of_each_key_and_makes_the_next_analysis_a_cached_one(values, call):
    keys = ["analysis:Rochester, MN 55901", "best:MN", "analysis:Atlantis, MN", "mine:1"]
    warmed = call("cached_values", "POST", WARM, {"keys": keys}).json
    assert warmed["warmed"] == 2
    assert [warmed["keys"][key]["status"] for key in keys] == ["computed", "computed", "failed", "no_loader"]
    assert "Atlantis" in warmed["keys"]["analysis:Atlantis, MN"]["detail"]
    assert 0 < values("GET", keys[0]).json["value"]["overall_score"] < 100
    assert [each["state"] for each in values("GET", "best:MN").json["value"]["results"]] == ["MN"] * 10
    assert call("analyze", "POST", "/api/v1/analyze", {"address": "Rochester, MN 55901"}).json["cached"] is True
    again = call("cached_values", "POST", WARM, {"keys": keys[:2]}).json["keys"]
    assert [each["status"] for each in again.values()] == ["fresh", "fresh"]


@pytest.mark.usefixtures("shared")
def test_what_is_asked_for_most_is_warmed(values, call, monkeypatch):
    monkeypatch.setenv("CACHE_VALUES_L1_SECONDS", "0")
    for key, times in (("best:MN", 3), ("best:WI", 2), ("best:IA", 1)):
        for _ in range(times):
            assert values("GET", key).status == 404
    told = call("cached_values", "POST", WARM, {"strategy": "popular", "limit": 2}).json
    assert {key: each["status"] for key, each in told["keys"].items()} == {"best:MN": "computed", "best:WI": "computed"}
    assert [values("GET", key).status for key in ("best:MN", "best:WI", "best:IA")] == [200, 200, 404]


@pytest.mark.usefixtures("shared")
def test_no_tenant_sees_what_another_keeps(values, monkeypatch):
    issuer, now = ed25519("k1"), int(time.time())
    monkeypatch.setenv("JWT_PUBLIC_KEYS", key_set(issuer))
    claims = {"sub": "u", "jti": "t", "scope": "write", "iat": now, "nbf": now, "exp": now + 600}
    one, two = (
        {"authorization": f"Bearer {issuer.token(payload={**claims, 'tenant': name})}"} for name in ("one", "two")
    )
    values("PUT", "k", {"value": 1}, headers=one)
    assert [values("GET", "k", headers=each).status for each in (one, two)] == [200, 404]
    assert values("DELETE", "k", headers=two).json["deleted"] is False
    assert values("GET", "k", headers=one).status == 200


@pytest.mark.parametrize(
    ("method", "key", "body", "field"),
    [
        ("GET", "warm", None, "key"),
        ("PUT", "analytics", {"value": 1}, "key"),
        ("GET", "x" * 201, None, "key"),
        ("GET", " x", None, "key"),
        ("GET", "é", None, "key"),
        ("PUT", "k", {"value": 1, "ttl": 0}, "ttl"),
        ("PUT", "k", {"value": 1, "ttl": 604_801}, "ttl"),
        ("PUT", "k", {"value": 1, "tags": ["a b"]}, "tags"),
        ("PUT", "k", {"value": 1, "tags": [str(number) for number in range(11)]}, "tags"),
        ("PUT", "k", {}, "value"),
        ("PUT", "k", {"value": 1, "colour": 2}, "colour"),
        ("POST", "warm", {"keys": []}, "keys"),
        ("POST", "warm", {"keys": ["x"] * 101}, "keys"),
        ("POST", "warm", {"keys": ["a", "b/c"]}, "keys[1]"),
        ("POST", "warm", {"keys": ["x"], "strategy": "popular"}, "keys"),
        ("POST", "warm", {"keys": ["x"], "limit": 3}, "limit"),
        ("POST", "warm", {"strategy": "popular", "limit": 101}, "limit"),
        ("POST", "warm", {"keys": ["x"], "strategy": "lru"}, "strategy"),
    ],
)
def test_what_cannot_be_kept_or_warmed_is_told_by_field(values, method, key, body, field):
    answer = values(method, key, body)
    told = [each["field"].rsplit(".", 1)[-1] for each in answer.json.get("errors", [])]
    assert (answer.status, told) == (422, [field]), answer.json


@pytest.mark.usefixtures("shared")
def test_analytics_follow_questions_down_the_levels(values, call, monkeypatch, forgetful):
    monkeypatch.setenv("CACHE_VALUES_L1_SECONDS", "60")
    values("PUT", "k", {"value": "x" * 5000})
    values("GET", "k")
    values("GET", "absent")
    forgetful()
    values("GET", "k", anew=True)
    values("GET", "absent")
    told = call("cached_values", "GET", ANALYTICS).json
    mine = told["namespaces"]["values"]
    assert told["scope"] == "all instances"
    assert (mine["cached_items"], mine["misses"], mine["hit_rate"]) == (1, 2, 33.33)
    assert mine["levels"]["redis"] == {"hits": 1, "asked": 3, "hit_rate": 33.33}
    assert mine["compression_ratio"] > 10
    assert mine["bytes_saved"] > 4000
    assert told["total"].keys() == mine.keys()


@pytest.mark.usefixtures("shared")
def test_evictions_are_counted_over_all_instances(values, call, monkeypatch):
    monkeypatch.setenv("CACHE_MAX_SIZE", "1")
    for key in "abc":
        values("PUT", key, {"value": key})
    values("GET", "absent")  # what is still to be told travels with the next question
    assert call("cached_values", "GET", ANALYTICS).json["namespaces"]["values"]["evictions"] == 2
