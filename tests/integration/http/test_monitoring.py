"""What the service counts of its own requests, over all instances, as JSON and as Prometheus reads it."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from prometheus_client.parser import text_string_to_metric_families as text_families

from brightspot import VERSION, locations, operations
from brightspot.core.settings import load
from brightspot.operations.figures_table import TableShelf
from brightspot.store import StoreSettings
from brightspot.telemetry import HTTP_REQUESTS
from tests.integration.telemetry.prometheus import promtool

ANALYZE = {"address": "Rochester, MN 55901"}
METRICS, SUMMARY = "/api/v1/metrics", "/api/v1/monitoring/performance/summary"
ROUTE = "POST /api/v1/analyze"


@pytest.fixture
def monitoring(call):
    return lambda path, **options: call("monitoring", "GET", path, **options)


def scraped(answer, parse=text_families):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in parse(answer.text)
        for sample in family.samples
    }


@pytest.mark.usefixtures("shared")
def test_requests_of_all_instances_are_counted_cached_and_computed_apart(call, monitoring, forgetful):
    for instance in range(2):
        for _ in range(3):
            assert call("analyze", "POST", "/api/v1/analyze", ANALYZE).status == 200
        call("analyze", "POST", "/api/v1/analyze", {"address": "nowhere at all"})
        # What is cached or mistaken is told with the next request, and what is computed at once.
        call("analyze", "POST", "/api/v1/analyze", {**ANALYZE, "radius_miles": 1.0 + instance})
        forgetful()
    told = monitoring(METRICS, anew=True).json
    assert told["scope"] == "all instances"
    performance = told["performance"]
    assert (performance["statuses"], performance["requests"]) == ({"200": 8, "422": 2}, 10)
    assert (performance["cached"]["count"], performance["computed"]["count"]) == (5, 5)
    assert performance["error_rate"] == 0.0
    assert 0 < performance["cached"]["p50_ms"] < performance["computed"]["p99_ms"]
    assert performance["routes"][ROUTE]["count"] == 10
    database = told["database"]
    assert (database["total_analyses"], database["success_rate"]) == (3, 1.0)
    assert database["average_score"] == pytest.approx(database["median_score"], rel=0.02)
    assert told["cache"]["keyspace_hits"] == 5
    assert told["collectors"]["demographics"]["count"] == 3
    assert set(told["circuit_breakers"].values()) == {"closed"}
    assert told["upstream"] == {}


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    ("accept", "parse", "media"),
    [
        ("text/plain;version=0.0.4", text_families, "text/plain; version=0.0.4"),
        ("application/openmetrics-text;version=1.0.0", openmetrics_families, "application/openmetrics-text"),
    ],
    ids=["text", "openmetrics"],
)
def test_prometheus_reads_the_same_figures(call, monitoring, accept, parse, media):
    for _ in range(3):
        call("analyze", "POST", "/api/v1/analyze", ANALYZE)
    call("health", "GET", "/health")
    answer = monitoring("/metrics", headers={"accept": accept})
    assert answer.headers["content-type"].startswith(media)
    assert answer.headers["cache-control"] == "no-store"
    told = scraped(answer, parse)
    assert told["http_requests_total", ROUTE, "200"] == 3
    assert told["http_request_duration_seconds_count", ROUTE, "cached"] == 2
    assert told["http_request_duration_seconds_count", ROUTE, "computed"] == 1
    assert told["cache_operations_total", "analysis", "memory", "hit"] == 2
    assert told["cache_operations_total", "analysis", "none", "miss"] == 1
    assert told["health_checks_total", "dataset", "healthy"] == 1
    assert told["circuit_breaker_state", "safety", "closed"] == 1
    assert told["analyses_total", "completed"] == 1
    assert told["overall_score_count",] == 1


@pytest.mark.usefixtures("shared")
def test_promtool_has_nothing_against_it(call, monitoring):
    call("analyze", "POST", "/api/v1/analyze", ANALYZE)
    call("health", "GET", "/health")
    assert promtool("check", "metrics", given=monitoring("/metrics").text) == (True, "")


def test_a_process_without_a_store_tells_its_own(call, monitoring):
    call("analyze", "POST", "/api/v1/analyze", ANALYZE)
    told = monitoring(METRICS).json
    assert (told["scope"], told["performance"]["requests"]) == ("this process", 1)


@pytest.mark.usefixtures("shared")
def test_refusals_are_counted_and_not_timed(call, monitoring, monkeypatch):
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "2 per 1 minute")
    for _ in range(4):
        call("analyze", "POST", "/api/v1/analyze", ANALYZE)
    call("analyze", "POST", "/api/v1/analyze", ANALYZE, client="192.0.2.9")  # brings along what the last one left
    performance = monitoring(METRICS).json["performance"]
    assert performance["statuses"] == {"200": 3, "429": 2}
    assert performance["routes"][ROUTE]["count"] == 3


@pytest.mark.usefixtures("shared")
def test_the_summary_tells_each_operation_and_route_lately_and_what_was_slow(call, monitoring, monkeypatch):
    monkeypatch.setenv("PERFORMANCE_ALERT_THRESHOLD_MS", "1")
    call("analyze", "POST", "/api/v1/analyze", ANALYZE)
    told = monitoring(SUMMARY, query="minutes=5").json
    operation = told["operations"]["analyze"]
    assert (operation["per_minute"], operation["errors"], operation["error_rate"]) == (0.2, 0, 0.0)
    assert operation["timing"]["count"] == 1
    assert operation["cpu_ms"] > 0
    assert operation["trend"] == {"change": None, "direction": "unknown"}
    assert told["routes"][ROUTE]["timing"]["count"] == 1
    (slow,) = told["slow"]
    assert slow["operation"] == "analyze"
    assert slow["milliseconds"] >= 1
    assert any(each.startswith("operation analyze: one in twenty takes") for each in told["recommendations"])


@pytest.mark.parametrize("minutes", ["0", "61", "x", "1.5"])
def test_minutes_that_cannot_be_are_refused(monitoring, minutes):
    answer = monitoring(SUMMARY, query=f"minutes={minutes}")
    assert answer.status == 422
    assert answer.json["errors"][0]["field"] == "minutes"


def test_whoever_may_not_read_is_told_no_figures(monitoring, monkeypatch):
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    assert {monitoring(path).status for path in ("/metrics", METRICS, SUMMARY)} == {401}


@pytest.mark.usefixtures("shared")
def test_the_path_of_a_request_is_no_label(call, monitoring):
    route = "GET /api/v1/history/{address+}"
    for number in range(3):
        call("history", "GET", f"/api/v1/history/Rochester%20{number}", route=route)
    told = scraped(monitoring("/metrics"))
    routes = {key[1] for key in told if key[0] == "http_requests_total"}
    assert routes == {route}


def test_the_index_names_every_path_of_monitoring_that_there_is(call, monitoring):
    told = monitoring("/api/v1/monitoring").json
    assert (told["status"], told["score"], told["recommendations"]) == ("healthy", 1.0, [])
    described = {
        path
        for path, methods in call("docs", "GET", "/openapi.json").json["paths"].items()
        if "/monitoring/" in path and not path.endswith("{id}") and "get" in methods and "blocks" not in path
    }
    assert described | {"/metrics", "/api/v1/metrics", "/api/v1/dashboards", STREAM} == set(told["paths"])


def test_the_index_says_what_is_not_well(monitoring, monkeypatch):
    def refuse():
        raise OSError("connection refused")

    working = locations.probes()
    monkeypatch.setattr(locations, "probes", lambda: {**working, "cache": refuse})
    assert monitoring("/api/v1/monitoring").json["recommendations"] == ["cache: connection refused"]


@pytest.mark.usefixtures("shared")
def test_a_cache_that_misses_much_is_advised_about_once_there_are_enough_questions(call, monitoring):
    path = "/api/v1/monitoring/cache/analytics"
    call("analyze", "POST", "/api/v1/analyze", ANALYZE)
    assert monitoring(path).json["recommendations"] == []
    told = operations.cache_analytics()
    bad = replace(told.namespaces["analysis"], hits=40, misses=60, hit_rate=40.0, stale=30, evictions=101)
    advice = operations.monitored_cache(replace(told, namespaces={"analysis": bad})).recommendations
    assert [each.split(": ")[1] for each in advice] == [
        "40 % of 100 questions were hits; keep entries longer, or warm them",
        "30 of 60 misses found an entry that was too old or cleared",
        "processes let go of 101 entries for want of room; see L1_CACHE_MAX_ITEMS",
    ]


def test_info_tells_version_features_and_limits_to_anybody(monitoring, monkeypatch):
    monkeypatch.setenv("AUTH_REQUIRED", "true")
    monkeypatch.setenv("RATE_LIMIT_ANALYZE", "7 per 1 minute")
    monkeypatch.setenv("INTRUSION_DETECTION", "false")
    answer = monitoring("/info")
    told = answer.json
    assert (answer.status, told["name"], told["version"]) == (200, "brightspot", VERSION)
    assert told["features"] == {
        "authentication": True, "caching": True, "circuit_breakers": True, "input_protection": True,
        "intrusion_detection": False, "monitoring": True, "shared_store": False, "warming": True,
    }  # fmt: skip
    assert (told["limits"]["analyze"], told["limits"]["login"]) == ("7 per 1 minute", "10 per 1 minute")
    assert (told["documentation"], told["live_sources"]) == ("/docs", [])


def test_info_says_so_when_requests_are_not_limited(monitoring, monkeypatch):
    monkeypatch.setenv("RATE_LIMIT_ENABLED", "false")
    assert set(monitoring("/info").json["limits"].values()) == {None}


REALTIME, STREAM = "/api/v1/monitoring/performance/realtime", "/api/v2/analytics/metrics/stream"


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("path", [REALTIME, STREAM])
def test_a_stream_tells_of_all_instances_and_goes_on_after_the_last_event(call, monitoring, forgetful, path):
    call("analyze", "POST", "/api/v1/analyze", ANALYZE)
    forgetful()
    answer = monitoring(path, headers={"accept-encoding": "gzip"}, anew=True)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (answer.headers["cache-control"], answer.headers.get("content-encoding")) == ("no-store", None)
    assert answer.text.startswith("retry: 5000\n\nevent: minute\nid: ")
    assert '"all instances"' in answer.text
    assert ROUTE in answer.text.rpartition("event: now")[2]
    newest = answer.text.split("id: ")[1].split("\n")[0]
    again = monitoring(path, headers={"last-event-id": newest}).text
    assert f"id: {newest}\n" not in again
    assert "event: now" in again


@pytest.mark.parametrize("path", [REALTIME, STREAM])
def test_an_id_that_no_event_has_is_refused_with_what_to_send(monitoring, path):
    answer = monitoring(path, headers={"last-event-id": "the last one"})
    assert (answer.status, answer.json["errors"]) == (
        422,
        [{"field": "Last-Event-ID", "message": "send the id of the last event that came, or none"}],
    )


@pytest.mark.usefixtures("world")
def test_kept_hours_say_what_comes_next_and_a_young_service_says_what_is_missing(call, monitoring):
    call("analyze", "POST", "/api/v1/analyze", ANALYZE)
    told = monitoring(SUMMARY).json
    assert (told["capacity"], told["anomalies"]) == (None, [])
    assert told["capacity_unknown"] == "needs 96 h of hourly figures without a gap, has 0"
    assert told["anomalies_judged"]["not_judged"][1] == "needs 96 hours of figures, has 0"
    shelf, now = TableShelf(load(StoreSettings)), datetime.now(UTC)
    for ago in range(1, 101):
        hour = now - timedelta(hours=ago)
        requests = {f"{HTTP_REQUESTS.name}\x1f{ROUTE}\x1f200": 100 + 50 * (hour.hour == 12)}
        shelf.join(f"hour#{hour:%Y-%m-%dT%H}", requests, now + timedelta(days=1))
    told = monitoring(SUMMARY).json
    assert told["capacity_unknown"] is None
    assert told["capacity"]["history_hours"] == 100
    assert told["capacity"]["peak"]["at"][11:13] == "12"
    assert told["capacity"]["peak"]["requests"] == {"expected": 150.0, "low": 150.0, "high": 150.0}
    assert told["capacity"]["backtest"]["folds"] > 20
    assert told["capacity"]["concurrency"] is None  # nothing of these hours was timed


@pytest.mark.usefixtures("shared")
def test_memory_is_told_of_whoever_computed_with_its_limit(call, monitoring, monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "brightspot-analyze")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")
    call("analyze", "POST", "/api/v1/analyze", ANALYZE)
    held = monitoring(SUMMARY).json["memory"]["brightspot-analyze"]
    assert held["limit_mb"] == 1769
    assert 20 < held["p50_mb"] <= held["most_mb"] < 1769
    assert held["share"] == pytest.approx(held["most_mb"] / 1769, abs=1e-3)
