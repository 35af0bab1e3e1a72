"""Each built function, started as Lambda would and given its sample event."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from brightspot_local.bundle import Bundle, Emulator, FunctionFailed
from brightspot_local.dev.template import Function
from tests.bundle.conftest import Start, samples
from tests.codings import body_of

SAMPLES = samples()

NOTHING_YET = {"count": 0, "results": [], "next_cursor": None}  # without a table each instance remembers for itself
EXPECTED: dict[str, tuple[str, Callable[[str], bool]]] = {
    "circuit_breakers": ("application/json", lambda body: len(json.loads(body)) == 8),
    "maintenance_state": ("application/json", lambda body: json.loads(body)["on"] is False),
    "analyze": ("application/json", lambda body: 0 <= json.loads(body)["overall_score"] <= 100),
    "batch": ("application/json", lambda body: [json.loads(body)[name] for name in ("total", "failed")] == [4, 1]),
    "compare": ("application/json", lambda body: [each["rank"] for each in json.loads(body)["ranked"]] == [1, 2]),
    "search": ("application/json", lambda body: len(json.loads(body)["results"]) == 10),
    "cached_values_keep": ("application/json", lambda body: json.loads(body)["tags"] == ["client:7"]),
    "cached_values_delete": ("application/json", lambda body: json.loads(body)["deleted"] is False),
    "cached_values_warm": ("application/json", lambda body: json.loads(body)["warmed"] == 2),
    "cached_values_analytics": ("application/json", lambda body: "values" in json.loads(body)["namespaces"]),
    "cache_stats": ("application/json", lambda body: json.loads(body)["backend"] == "in-memory"),
    "metrics": ("application/json", lambda body: json.loads(body)["scope"] == "this process"),
    "metrics_scraped": ("application/openmetrics-text", lambda body: body.endswith("# EOF\n")),
    "performance_summary": ("application/json", lambda body: json.loads(body)["minutes"] == 30),
    "monitoring_tasks": ("application/json", lambda body: json.loads(body)["minutes"] == 30),
    "performance_realtime": ("text/event-stream", lambda body: "event: minute\nid: " in body),
    "metrics_stream": ("text/event-stream", lambda body: "event: now\ndata: " in body),
    "history": ("application/json", lambda body: json.loads(body) == NOTHING_YET),
    "history_of_place": ("application/json", lambda body: json.loads(body) == NOTHING_YET),
    "trends": ("application/json", lambda body: json.loads(body)["metric"] == "safety"),
    "trends_of_place": ("application/json", lambda body: json.loads(body)["trends"] == []),
    "health": ("application/json", lambda body: json.loads(body)["status"] == "healthy"),
    "alerts": ("application/json", lambda body: json.loads(body)["evaluated_at"] is None),
    "alert_rules": ("application/json", lambda body: json.loads(body)["count"] > 10),
    "alert_silences": ("application/json", lambda body: json.loads(body) == {"count": 0, "silences": []}),
    "monitoring_index": ("application/json", lambda body: json.loads(body)["status"] == "healthy"),
    "monitoring_cache": ("application/json", lambda body: json.loads(body)["recommendations"] == []),
    "monitoring_database": ("application/json", lambda body: json.loads(body)["findings"] == []),
    "dashboards": ("application/json", lambda body: len(json.loads(body)["dashboards"]) == 9),
    "dashboard": ("application/json", lambda body: json.loads(body)["minutes"] == 360),
    "info": ("application/json", lambda body: json.loads(body)["documentation"] == "/docs"),
    "health_short": ("application/json", lambda body: json.loads(body)["service"] == "brightspot"),
    "health_database": ("application/json", lambda body: json.loads(body)["status"] == "healthy"),
    "health_cache": ("application/json", lambda body: json.loads(body)["backend"] == "in-memory"),
    "health_enterprise": ("application/json", lambda body: json.loads(body)["systems"]["caching"] is True),
    "health_status": ("application/json", lambda body: json.loads(body)["score"] == 1.0),
    "health_monitoring": ("application/json", lambda body: json.loads(body)["score"] == 1.0),
    "health_component": ("application/json", lambda body: json.loads(body)["critical"] is False),
    "reports_make": ("application/json", lambda body: json.loads(body)["kind"] == "day"),
    "reports_list": ("application/json", lambda body: json.loads(body)["reports"] == []),
    "job_submit": ("application/json", lambda body: json.loads(body)["priority"] == "high"),
    "job_upload": ("application/json", lambda body: json.loads(body)["method"] == "PUT"),
    "jobs_listed": ("application/json", lambda body: {each["state"] for each in json.loads(body)["jobs"]} <= {"done"}),
    "health_history": ("application/json", lambda body: json.loads(body)["availability"] is None),
    "auth_logout": ("application/json", lambda body: json.loads(body) == {"ended": 0}),
    "jwks": ("application/json", lambda body: json.loads(body) == {"keys": []}),
    "docs": ("text/html", lambda body: "</html>" in body),
    "docs_asset": ("text/javascript", lambda body: len(body) > 100),
    "openapi": ("application/json", lambda body: "/api/v1/analyze" in json.loads(body)["paths"]),
}

FROM_QUEUE = {
    "batch_worker": "BatchWorkerFunction",
    "history_writer": "HistoryWriterFunction",
    "task_worker": "TaskWorkerFunction",
}
TASKS = (
    "cache_warming", "cleanup_completed_tasks", "cleanup_old_content", "cleanup_performance_metrics",
    "generate_analytics_report", "optimize_database", "system_health_check",
)  # fmt: skip
FROM_SCHEDULE = {
    "alert_watch": "AlertWatchFunction",
    "health_probe": "HealthProbeFunction",
    **dict.fromkeys(TASKS, "MaintenanceFunction"),
}
FROM_STATES = dict.fromkeys(("bulk_map", "bulk_map_begin", "bulk_map_finish"), "BulkMapFunction")
# What an administrator may do is refused without a token, in every mode.
ADMIN = (
    "alert_acknowledge", "alert_silence", "alert_silence_end",
    "audit", "cache_clear", "circuit_breakers_close", "circuit_breakers_open", "circuit_breakers_reset",
    "dashboard_security", "maintenance_forget", "maintenance_switch", "maintenance_task_run", "maintenance_task_runs",
    "maintenance_tasks", "security_block_lift", "security_blocks", "security_monitoring",
    "tasks", "tasks_cancel", "tasks_redrive", "tasks_redrive_all", "tasks_show", "tasks_submit",
    "schedules", "schedules_add", "schedules_remove", "schedules_show", "schedules_state",
)  # fmt: skip
# What is somebody's own is not told to nobody.
PERSONAL = (
    "auth_me",
    "auth_password",
    "auth_sessions",
    "auth_session_end",
    "auth_keys",
    "auth_key_create",
    "auth_key_end",
)
# What needs a key to sign with, which these instances have not.
SIGNING = ("auth_signup", "auth_login", "auth_refresh", "auth_token")
MAKING = ("reports_make", "job_upload")  # answered 201
TAKING_IN = ("job_submit",)  # answered 202
# What none of these instances has made is not there.
MISSING = {
    "batch_status": "there is no such batch",
    **dict.fromkeys(("job_status", "job_result", "job_cancel"), "there is no such job"),
    **dict.fromkeys(("unrouted", "unrouted_post"), "nothing is served at"),
    "reports_read": "there is no such report",
    "cached_values": "nothing is kept under 'shortlist:empty'",
    **dict.fromkeys(("report", "report_json", "report_csv"), "there is no such analysis"),
}
HTTP = [name for name in SAMPLES if name not in {**FROM_QUEUE, **FROM_SCHEDULE, **FROM_STATES}]

PROBE = """
import sys
def handler(event, context):
    if event.get("fail"):
        print("about to fail")
        raise RuntimeError("as asked")
    return {"path": sys.path, "prefix": sys.prefix}
"""


@pytest.fixture
def probe(tmp_path: Path, bundle: Bundle, start: Start) -> Emulator:
    folder = tmp_path / "probe"
    folder.mkdir()
    (folder / "probe_handler.py").write_text(PROBE)
    function = Function("Probe", folder, "probe_handler.handler", 5.0, {})
    return Emulator(function, bundle.layer, tmp_path / "probe.log")


def test_every_route_of_the_template_has_a_sample_event(bundle: Bundle) -> None:
    assert {route.key for route in bundle.routes} == {SAMPLES[name]["routeKey"] for name in HTTP}


def test_every_function_of_the_template_has_a_sample_event(bundle: Bundle) -> None:
    started = {**FROM_QUEUE, **FROM_SCHEDULE, **FROM_STATES}.values()
    assert {route.function for route in bundle.routes} | set(started) == set(bundle.functions)


@pytest.mark.parametrize("name", [name for name in HTTP if name not in {*ADMIN, *PERSONAL, *SIGNING, *MISSING}])
def test_a_sample_event_is_answered_well_and_with_what_it_asks_for(name: str, bundle: Bundle, start: Start) -> None:
    event: dict[str, Any] = SAMPLES[name]
    started = start(function_of(bundle, event))
    returned = started.invoke(event)
    content_type, holds = EXPECTED[name]
    wanted = 201 if name in MAKING else 202 if name in TAKING_IN else 200
    assert returned["statusCode"] == wanted, f"{returned}\n{started.log}"
    assert returned["headers"]["content-type"].startswith(content_type)
    body = body_of(returned)
    assert holds(body), f"{body[:1000]}\n{started.log}"


@pytest.mark.parametrize("name", MISSING)
def test_a_sample_event_that_asks_for_what_is_not_there_is_answered_so(name: str, bundle: Bundle, start: Start) -> None:
    event: dict[str, Any] = SAMPLES[name]
    returned = start(function_of(bundle, event)).invoke(event)
    assert (returned["statusCode"], MISSING[name] in body_of(returned)) == (404, True)


@pytest.mark.parametrize("name", FROM_QUEUE)
def test_a_worker_reports_the_messages_that_it_cannot_handle_here(name: str, bundle: Bundle, start: Start) -> None:
    event: dict[str, Any] = SAMPLES[name]
    started = start(FROM_QUEUE[name])
    unhandled = [{"itemIdentifier": record["messageId"]} for record in event["Records"]]
    assert started.invoke(event) == {"batchItemFailures": unhandled}, started.log
    assert "TABLE_PREFIX is not set" in started.log


@pytest.mark.parametrize("name", FROM_SCHEDULE)
def test_a_task_that_is_due_is_done(name: str, bundle: Bundle, start: Start) -> None:
    started = start(FROM_SCHEDULE[name])
    assert started.invoke(SAMPLES[name])["done"] == name, started.log


@pytest.mark.parametrize("name", FROM_STATES)
def test_a_state_of_a_mass_run_fails_where_there_is_no_bucket(name: str, bundle: Bundle, start: Start) -> None:
    with pytest.raises(FunctionFailed, match="BULK_BUCKET is not set"):
        start(FROM_STATES[name]).invoke(SAMPLES[name])


def test_the_probe_writes_its_figures_as_one_line(bundle: Bundle, start: Start) -> None:
    started = start("HealthProbeFunction")
    before = len(documents_in(started.log))
    started.invoke(SAMPLES["health_probe"])
    (line,) = documents_in(started.log)[before:]
    assert (line["Healthy"], line["CacheDegraded"], line["BreakerOpenSeconds"]) == ([1, 1], [0, 0], [0, 0])


@pytest.mark.parametrize("name", SIGNING)
def test_without_a_key_to_sign_with_nobody_is_let_in(name: str, bundle: Bundle, start: Start) -> None:
    returned = start(function_of(bundle, SAMPLES[name])).invoke(SAMPLES[name])
    assert (returned["statusCode"], "logins are not set up here" in body_of(returned)) == (503, True)


@pytest.mark.parametrize("name", [*ADMIN, *PERSONAL])
def test_what_is_not_for_everybody_is_refused_without_a_token(name: str, bundle: Bundle, start: Start) -> None:
    returned = start(function_of(bundle, SAMPLES[name])).invoke(SAMPLES[name])
    assert returned["statusCode"] == 401
    assert returned["headers"]["content-type"] == "application/problem+json"


def documents_in(log: str) -> list[dict[str, Any]]:
    """The embedded metrics among all that a function printed."""
    return [json.loads(line) for line in log.splitlines() if line.startswith('{"_aws":')]


def function_of(bundle: Bundle, event: dict[str, Any]) -> str:
    return next(route.function for route in bundle.routes if route.key == event["routeKey"])


def test_a_started_function_tells_how_long_its_start_took(start: Start) -> None:
    started = start("HealthFunction")
    started.invoke(SAMPLES["health"])
    assert started.init_ms is not None
    assert started.init_ms > 0


def test_a_started_function_sees_its_folder_the_layer_the_runtime_client_and_the_standard_library(
    probe: Emulator, bundle: Bundle
) -> None:
    with probe:
        seen = probe.invoke({})
    ours = [path for path in seen["path"] if not path.startswith(seen["prefix"])]
    assert [Path(path).name for path in ours] == ["probe", "python", "emulator"]
    assert Path(ours[1]) == bundle.layer / "python"
    assert not [path for path in seen["path"] if "site-packages" in path]


def test_a_function_that_raises_fails_with_its_log(probe: Emulator) -> None:
    with probe, pytest.raises(FunctionFailed, match="as asked") as failure:
        probe.invoke({"fail": True})
    assert "about to fail" in str(failure.value)


def test_nothing_is_left_of_a_function_that_was_stopped(probe: Emulator) -> None:
    with probe:
        probe.invoke({})
        processes = probe.processes
    assert len(processes) == 2
    assert [pid for pid in processes if Path(f"/proc/{pid}").exists()] == []
