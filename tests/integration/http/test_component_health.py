"""The other paths at which somebody asks how the service is: in the documents' shapes, from the same checks."""

import pytest

from brightspot import locations

PATHS = ("/api/health", "/api/health/db", "/api/health/redis", "/api/v2/health/status")
GUARDED = ("/api/enterprise/health", "/api/v1/monitoring/health", "/api/v2/health/history")


@pytest.fixture
def health(call):
    return lambda path, **options: call("health", "GET", path, **options)


@pytest.fixture
def broken(monkeypatch):
    """`broken("cache")`: its probe fails from here on."""

    def set_up(name):
        def refuse():
            raise OSError("connection refused")

        working = locations.probes()
        monkeypatch.setattr(locations, "probes", lambda: {**working, name: refuse})

    return set_up


def test_load_balancers_are_told_in_short(health):
    assert health("/api/health").json == {"status": "healthy", "service": "brightspot", "redis": False}


@pytest.mark.usefixtures("shared")
def test_with_a_shared_store_redis_is_true(health):
    assert health("/api/health").json["redis"] is True
    told = health("/api/health/redis").json
    assert (told["status"], told["backend"], told["reason"]) == ("healthy", "redis", None)
    assert told["latency_ms"] > 0


@pytest.mark.parametrize(
    ("name", "path", "statuses"),
    [("cache", "/api/health/redis", (200, 503)), ("database", "/api/health/db", (200, 503))],
)
def test_a_backend_that_fails_is_503_and_the_whole_only_degraded(health, broken, name, path, statuses):
    broken(name)
    whole, its_own = health("/api/health"), health(path)
    assert (whole.status, its_own.status) == statuses
    assert whole.json["status"] == "degraded"
    assert (its_own.json["status"], its_own.json["reason"]) == ("unhealthy", "connection refused")


def test_without_its_dataset_every_path_says_unhealthy(health, broken):
    broken("dataset")
    answers = {path: health(path) for path in ("/health", "/api/health", "/api/v2/health/status", *GUARDED[:2])}
    assert {answer.status for answer in answers.values()} == {503}
    overall = answers["/api/enterprise/health"].json["overall"]
    assert (overall["status"], overall["healthPercentage"]) == ("unhealthy", 75.0)


def test_each_component_is_told_with_its_latency_and_what_the_whole_comes_to(health):
    told = health("/api/v2/health/status").json
    assert (told["status"], told["score"], told["alert"]) == ("healthy", 1.0, False)
    assert set(told["components"]) == {"dataset", "cache", "database", "circuit_breakers"}
    dataset = told["components"]["dataset"]
    assert (dataset["critical"], dataset["outcome"], dataset["details"]["zips"]) == (True, "ok", 41_994)
    assert all(each["latency_ms"] >= 0 for each in told["components"].values())


def test_a_report_is_given_again_but_monitoring_looks_anew(health, broken):
    assert health("/api/v2/health/status").json["status"] == "healthy"
    first = health("/api/v2/health/status").json["checked_at"]
    assert health("/api/v2/health/status").json["checked_at"] == first
    assert health("/api/v1/monitoring/health").json["checked_at"] > first


@pytest.mark.parametrize(("threshold", "alert"), [("0.8", True), ("0.75", False)])
def test_there_is_an_alert_below_the_threshold(health, broken, monkeypatch, threshold, alert):
    monkeypatch.setenv("HEALTH_ALERT_THRESHOLD", threshold)
    broken("cache")
    told = health("/api/v2/health/status").json
    assert (told["score"], told["alert"]) == (0.75, alert)


def test_one_component_can_be_asked_for(health, broken):
    broken("cache")
    cache = health("/api/v2/health/component/cache", route="GET /api/v2/health/component/{name}")
    assert (cache.status, cache.json["reason"]) == (503, "connection refused")
    assert health("/api/v2/health/component/dataset").status == 200
    unknown = health("/api/v2/health/component/moon")
    assert unknown.status == 422
    assert unknown.json["errors"][0]["field"] == "name"


@pytest.mark.usefixtures("shared")
def test_the_enterprises_shape_has_what_was_really_counted(call, health, monkeypatch):
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "1 per 1 minute")
    for _ in range(3):
        call("analyze", "POST", "/api/v1/analyze", {"address": "Rochester, MN 55901"})
    call("search", "POST", "/api/v1/search", {"state": "<script>alert(1)</script>"})
    told = health("/api/enterprise/health").json
    assert told["overall"] == {"status": "healthy", "healthPercentage": 100.0, "initialized": True}
    assert told["systems"] == {
        "telemetry": True, "metrics": True, "caching": True, "optimization": False, "resilience": True,
        "security": True, "monitoring": True,
    }  # fmt: skip
    assert told["details"]["caching"]["l1Cache"]["itemCount"] == 1
    assert told["details"]["caching"]["circuitBreakerState"] == "closed"
    assert told["details"]["security"] == {"rateLimitedRequests": 2, "suspiciousActivity": 1}


@pytest.mark.parametrize(
    ("variable", "system"),
    [("INPUT_PROTECTION", "security"), ("ENTERPRISE_CACHE_ENABLED", "caching"),
     ("PERFORMANCE_MONITORING_ENABLED", "monitoring")],
)  # fmt: skip
def test_a_system_that_is_switched_off_is_told(health, monkeypatch, variable, system):
    monkeypatch.setenv(variable, "false")
    assert health("/api/enterprise/health").json["systems"][system] is False


def test_history_begins_empty_and_has_what_the_probe_remembered(call, health):
    assert health("/api/v2/health/history").json == {
        "hours": 24, "resolution": "minute", "points": [], "availability": None, "components": {},
    }  # fmt: skip
    from brightspot import operations

    operations.probe_health()
    told = health("/api/v2/health/history", query="hours=1").json
    assert (len(told["points"]), told["availability"], told["components"]["dataset"]) == (1, 1.0, 1.0)


@pytest.mark.parametrize("hours", ["0", "721", "x"])
def test_hours_that_cannot_be_are_refused(health, hours):
    answer = health("/api/v2/health/history", query=f"hours={hours}")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "hours")


def test_what_lists_parts_needs_a_token_where_tokens_are_needed(health, monkeypatch):
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    assert {path: health(path).status for path in (*PATHS, *GUARDED)} == {
        **dict.fromkeys(PATHS, 200),
        **dict.fromkeys(GUARDED, 401),
    }
