"""Health: each backend probed in parallel under one deadline, and one word for the whole."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from brightspot import VERSION, locations
from brightspot.operations.components import CRITICAL, breakers
from brightspot.resilience.health_monitor import HealthMonitor
from brightspot.resilience.maintenance import Maintenance, shared_maintenance

_SECONDS = 5.0
_NAMES = ("dataset", "cache", "database", "circuit_breakers")
Probe = Callable[[], Mapping[str, Any]]


class Health(msgspec.Struct, frozen=True):
    """`status` of the whole; `features` says which backends are shared ones; the rest is what each probe saw.

    `maintenance` says what is closed on purpose. The service is then under `maintenance`, whatever else is degraded; it
    is `degraded` when only some functions are closed.
    """

    status: Literal["healthy", "maintenance", "degraded", "unhealthy"]
    version: str
    features: dict[str, bool]
    dataset: dict[str, Any]
    cache: dict[str, Any]
    database: dict[str, Any]
    circuit_breakers: dict[str, Any]
    maintenance: Maintenance | None = None


def health(probes: Mapping[str, Probe] | None = None) -> Health:
    """Run every probe; one that raises or hangs is told as `failed` or `timeout` with its reason.

    Without its dataset the service is unhealthy, under maintenance or not; any other probe that fails, or an open
    breaker, leaves it degraded.
    """
    monitor = HealthMonitor(dependency_timeout=_SECONDS)
    for name, probe in (probes or {**locations.probes(), "circuit_breakers": breakers}).items():
        monitor.register(name, probe, critical=name in CRITICAL)
    seen = {
        name: {"status": "ok", **each.details}
        if each.outcome == "ok"
        else {"status": each.outcome, "reason": each.reason}
        for name, each in monitor.report().components.items()
    }
    failed = {name for name, each in seen.items() if each["status"] != "ok"}
    backends = {name: seen[name].get("backend") for name in ("cache", "database")}
    states = seen["circuit_breakers"]
    held_back = [name for name, state in states.items() if name in locations.COLLECTORS and state != "closed"]
    maintenance = shared_maintenance().state()
    return Health(
        status=_status(failed, maintenance, held_back=bool(held_back)),
        version=VERSION,
        features={
            "redis_caching": backends["cache"] == "redis",
            "database_storage": backends["database"] == "dynamodb",
            "circuit_breakers": states["status"] == "ok",
            "batch_analysis": seen["database"]["status"] == "ok",  # batches are gathered there, or in the process
        },
        **{name: seen[name] for name in _NAMES},
        maintenance=maintenance,
    )


def _status(
    failed: set[str], maintenance: Maintenance, *, held_back: bool
) -> Literal["healthy", "maintenance", "degraded", "unhealthy"]:
    if "dataset" in failed:
        return "unhealthy"
    if maintenance.on and not maintenance.functions:
        return "maintenance"
    return "degraded" if failed or held_back or maintenance.on else "healthy"
