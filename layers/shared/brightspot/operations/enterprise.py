"""The health report in the shape that an enterprise's dashboards know."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from brightspot.cache import cache_enabled
from brightspot.core.settings import load
from brightspot.operations.components import component_report
from brightspot.operations.timings import by_labels
from brightspot.protection import ProtectionSettings
from brightspot.resilience.health_monitor import HealthReport
from brightspot.telemetry import HTTP_REQUESTS, METRICS, SUSPICIOUS_INPUTS, Figures, monitoring_enabled, shared_ledger
from brightspot.valkey import StoreUnavailable


class Overall(msgspec.Struct, frozen=True, rename="camel"):
    """`health_percentage` is the score of all components, 0 to 100."""

    status: Literal["healthy", "degraded", "unhealthy"]
    health_percentage: float
    initialized: bool


class Systems(msgspec.Struct, frozen=True):
    """Which systems are on and work now. `optimization` will be the query optimiser, which there is not yet."""

    telemetry: bool
    metrics: bool
    caching: bool
    optimization: bool
    resilience: bool
    security: bool
    monitoring: bool


class EnterpriseHealth(msgspec.Struct, frozen=True):
    """`details` are of the process that answers (`l1Cache`, null while the cache is not well), or of all instances."""

    timestamp: datetime
    overall: Overall
    systems: Systems
    details: dict[str, dict[str, Any]]


def enterprise_health() -> EnterpriseHealth:
    """From the same checks as every health report."""
    report, figures = component_report(), _figures()
    ok = {name: each.status == "healthy" for name, each in report.components.items()}
    return EnterpriseHealth(
        timestamp=report.checked_at,
        overall=Overall(report.status, round(100 * report.score, 2), initialized=True),
        systems=Systems(
            telemetry=figures is not None,
            metrics=figures is not None,
            caching=cache_enabled() and ok["cache"],
            optimization=False,
            resilience=report.components["circuit_breakers"].outcome == "ok",
            security=load(ProtectionSettings).enabled,
            monitoring=monitoring_enabled(),
        ),
        details={"caching": _caching(report), "security": _security(figures or Figures())},
    )


def _figures() -> Figures | None:
    """None while the shared store is away."""
    try:
        return shared_ledger().totals(METRICS)
    except StoreUnavailable:
        return None


def _caching(report: HealthReport) -> dict[str, Any]:
    held = report.components["cache"].details
    states = {*report.components["circuit_breakers"].details.values()}
    worst = next((each for each in ("open", "half_open") if each in states), "closed")
    return {"l1Cache": {"size": held.get("bytes"), "itemCount": held.get("items")}, "circuitBreakerState": worst}


def _security(figures: Figures) -> dict[str, Any]:
    statuses = by_labels(figures.counters, HTTP_REQUESTS.name)
    suspicious = by_labels(figures.counters, SUSPICIOUS_INPUTS.name)
    return {
        "rateLimitedRequests": sum(number for (_, status), number in statuses if status == "429"),
        "suspiciousActivity": sum(number for _, number in suspicious),
    }
