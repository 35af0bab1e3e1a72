"""The OpenAPI 3.1 document of the whole system."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from brightspot import VERSION, identity, jobs, locations, operations
from brightspot.core.kinds import KINDS
from brightspot.http import Reuse
from brightspot.http.entry import Entry
from brightspot.security import PERMISSIONS
from brightspot_local.paths import FUNCTIONS

_STRUCTS = (
    identity.AccessToken,
    identity.AccountView,
    identity.KeyList,
    identity.KeySet,
    identity.KeysEnded,
    identity.NewKey,
    identity.SessionList,
    identity.SessionsEnded,
    identity.Tokens,
    jobs.JobList,
    jobs.JobResult,
    jobs.JobStatus,
    jobs.JobUpload,
    locations.Analysis,
    locations.BulkResult,
    locations.BatchAnswer,
    locations.BatchProgress,
    locations.Comparison,
    locations.HistoryPage,
    locations.SearchResults,
    locations.Trend,
    operations.AnalyticsReport,
    operations.Alert,
    operations.AlertReport,
    operations.AlertRules,
    operations.AlertSilence,
    operations.AlertSilences,
    operations.SilenceEnded,
    operations.AuditPage,
    operations.BackendHealth,
    operations.ComponentHealth,
    operations.Dashboard,
    operations.DashboardList,
    operations.EnterpriseHealth,
    operations.Blocks,
    operations.SecurityMonitoring,
    operations.Unblocked,
    operations.Health,
    operations.HealthHistory,
    operations.HealthReport,
    operations.ServiceHealth,
    operations.Maintenance,
    operations.MaintenanceRun,
    operations.MaintenanceRuns,
    operations.MaintenanceTasks,
    operations.Metrics,
    operations.MonitoredCache,
    operations.MonitoringIndex,
    operations.ReportEntry,
    operations.ReportList,
    operations.ServiceInfo,
    operations.PerformanceSummary,
    operations.TaskMonitoring,
    operations.TaskPage,
    operations.TaskSchedule,
    operations.TaskStatus,
    operations.Redriven,
    operations.ScheduleDeleted,
    operations.SchedulePage,
    operations.DatabasePerformance,
    operations.CacheStats,
    operations.Cleared,
    operations.CacheAnalytics,
    operations.CachedValue,
    operations.ValueKept,
    operations.ValueDeleted,
    operations.WarmedKeys,
    operations.BreakerState,
    operations.BreakersReset,
)
_PROBLEM = {
    "type": "object",
    "description": "Every refusal and failure (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance", "error", "error_class", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong, and what to send instead."},
        "instance": {"type": "string", "description": "The path that was asked."},
        "error": {"type": "string", "description": "A short stable text."},
        "error_class": {"enum": list(KINDS)},
        "request_id": {"type": "string", "description": "Also sent as X-Request-Id."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "understood": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_SCHEMES = {
    "accessToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of `POST /api/auth/login`, for 15 minutes. Roles are permissions: admin "
        "includes write, write includes read. Where the operator opened the service, reads and writes need none.",
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Api-Key",
        "description": "A key of `POST /api/auth/keys`; `Authorization: Bearer bs_...` does as well. Send one of them.",
    },
}
_TAG = "Stands for what the answer says{}; send it as `If-None-Match`."
_UNCHANGED = "What `If-None-Match` names is still true; there is no body."
_ABOUT = (
    "How good is a US address as the site of a child-care centre, and why? Scores come from public data about people, "
    "jobs, water, crime and labour markets, each with its source, vintage and percentile among all US ZIPs."
)


def build() -> dict[str, Any]:
    """The document over the routers of every function that serves HTTP."""
    app = FastAPI(title="Brightspot", version=VERSION, description=_ABOUT)
    for router, _ in _functions():
        app.include_router(router)
    document = app.openapi()
    _secure(document)
    for path, reuse in declared_reuse().items():
        if "get" in document["paths"].get(path, {}):
            _tell(reuse, document["paths"][path]["get"]["responses"])
    _, schemas = msgspec.json.schema_components(_STRUCTS, ref_template="#/components/schemas/{name}")
    components = document.setdefault("components", {}).setdefault("schemas", {})
    components.update(schemas)
    components["Problem"] = _PROBLEM
    for generated in ("HTTPValidationError", "ValidationError"):
        components.pop(generated, None)
    return document


def declared_reuse() -> dict[str, Reuse]:
    """By path, what the entry of its function declares of its answers to GET."""
    return {
        route.path_format: entry.reuse
        for router, entry in _functions()
        for route in router.routes
        if isinstance(route, APIRoute)
    }


def _secure(document: dict[str, Any]) -> None:
    """How callers say who they are, and which routes want that; permissions are told as roles (OpenAPI 3.1, 4.8.30)."""
    document.setdefault("components", {})["securitySchemes"] = _SCHEMES
    for router, entry in _functions():
        for route in router.routes:
            if not isinstance(route, APIRoute):
                continue
            for method in route.methods or ():
                need = entry.policy.need(method, route.path_format)
                roles = [need] if need in PERMISSIONS else []
                wanted = [] if need == "public" else [{name: roles} for name in _SCHEMES]
                if (operation := document["paths"].get(route.path_format, {}).get(method.lower())) is not None:
                    operation["security"] = wanted


def _tell(reuse: Reuse, responses: dict[str, Any]) -> None:
    """How an answer to GET may be reused, as the function's entry declares it."""
    headers = {"Cache-Control": {"description": "Who may keep it.", "schema": {"const": reuse.kept}}}
    if reuse.tagged:
        headers["ETag"] = {"description": _TAG.format(_left_out(reuse.ages)), "schema": {"type": "string"}}
        responses["304"] = {"description": _UNCHANGED, "headers": headers}
    responses["200"]["headers"] = headers


def _left_out(ages: Sequence[str]) -> str:
    return f" other than {', '.join(f'`{each}`' for each in ages)}" if ages else ""


def _functions() -> Iterator[tuple[APIRouter, Entry]]:
    """The router and the entry of each function that serves HTTP."""
    for file in sorted(FUNCTIONS.glob("*/*_routes.py")):
        with _importable(file.parent):
            yield import_module(file.stem).router, import_module(f"{file.parent.name}_handler").handler


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """As on Lambda, a function's own folder is on the path."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
