"""health_routes: whether the service can do its work, as a whole, by component, and over time."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from fastapi.responses import Response

from brightspot import operations
from brightspot.http.routes import described, new_router

router = new_router("operations")

_JSON = "application/json"


def _answer(told: Any, status: str) -> Response:
    return Response(operations.encode(told), 503 if status == "unhealthy" else 200, media_type=_JSON)


@router.get("/health", summary="Is the service well", responses=described(operations.Health, 429, unwell=503))
def health() -> Any:
    """Probe what an analysis needs. 200 when healthy or degraded, 503 when unhealthy."""
    report = operations.health()
    return _answer(report, report.status)


@router.get(
    "/api/health",
    summary="Is the service well, in short",
    responses=described(operations.ServiceHealth, 429, unwell=503),
)
def service_health() -> Any:
    """For load balancers. 200 when healthy or degraded, 503 when unhealthy."""
    report = operations.service_health()
    return _answer(report, report.status)


@router.get(
    "/api/health/db", summary="Is the database well", responses=described(operations.BackendHealth, 429, unwell=503)
)
def database_health() -> Any:
    """200 when it answers, 503 when it does not."""
    report = operations.backend_health("database")
    return _answer(report, report.status)


@router.get(
    "/api/health/redis",
    summary="Is the shared cache well",
    responses=described(operations.BackendHealth, 429, unwell=503),
)
def cache_health() -> Any:
    """200 when it answers, or when there is none and each process keeps its own; 503 when it does not answer."""
    report = operations.backend_health("cache")
    return _answer(report, report.status)


@router.get(
    "/api/enterprise/health",
    summary="Which systems work",
    responses=described(operations.EnterpriseHealth, 401, 403, 429, unwell=503),
)
def enterprise_health() -> Any:
    """Every system that can be switched off, whether it is on and works now, and what caches and guards counted."""
    report = operations.enterprise_health()
    return _answer(report, report.overall.status)


@router.get(
    "/api/v2/health/status",
    summary="How each component is",
    responses=described(operations.HealthReport, 429, unwell=503),
)
def status() -> Any:
    """Every check, with the score of all. A process gives one report again for `HEALTH_CHECK_INTERVAL` seconds."""
    report = operations.component_report()
    return _answer(report, report.status)


@router.get(
    "/api/v1/monitoring/health",
    summary="How each component is, now",
    responses=described(operations.HealthReport, 401, 403, 429, unwell=503),
)
def monitoring_health() -> Any:
    """As `/api/v2/health/status`, but every check is made anew."""
    report = operations.component_report(anew=True)
    return _answer(report, report.status)


@router.get(
    "/api/v2/health/component/{name}",
    summary="How one component is",
    responses=described(operations.ComponentHealth, 422, 429, unwell=503),
)
def component(
    name: Annotated[Literal["dataset", "cache", "database", "circuit_breakers"], Path(description="Of what.")],
) -> Any:
    """200 when it is healthy or degraded, 503 when it is unhealthy."""
    report = operations.component(name)
    return _answer(report, report.status)


@router.get(
    "/api/v2/health/history",
    summary="How health was",
    responses=described(operations.HealthHistory, 401, 403, 422, 429, 503),
)
def history(
    hours: Annotated[
        int,
        Query(
            ge=1,
            le=operations.MOST_HOURS,
            description=f"How far back: by minute up to {operations.FINE_HOURS} hours, by hour beyond.",
        ),
    ] = operations.FINE_HOURS,
) -> Any:
    """The probes of each minute, or the hours; with the share of probes at which the service was not unhealthy."""
    return Response(operations.encode(operations.shared_health_log().history(hours)), media_type=_JSON)
