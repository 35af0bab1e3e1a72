"""How each part of this service is, from the probes that GET /health asks too."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import msgspec

from brightspot import locations
from brightspot.core.errors import NotFound
from brightspot.core.settings import load, setting
from brightspot.resilience import shared_breakers
from brightspot.resilience.health_monitor import ComponentHealth, HealthMonitor, HealthReport

CRITICAL: Final = frozenset({"dataset"})  # without any other one the service still answers
SERVICE: Final = "brightspot"


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """How health is watched."""

    interval: float = setting(
        "HEALTH_CHECK_INTERVAL", 30.0, "seconds that a process gives one report of its components again", least=0
    )
    threshold: float = setting(
        "HEALTH_ALERT_THRESHOLD", 0.8, "score of all components (0 to 1) below which there is an alert", least=0, most=1
    )
    timeout: float = setting("HEALTH_DEPENDENCY_TIMEOUT", 10.0, "seconds that a check may take", least=0.1, most=20)


class ServiceHealth(msgspec.Struct, frozen=True):
    """In short: whether it works, and whether the shared cache does."""

    status: Literal["healthy", "degraded", "unhealthy"]
    service: str
    redis: bool


class BackendHealth(msgspec.Struct, frozen=True):
    """One backend: `ok` and which it is, or why not."""

    status: Literal["healthy", "degraded", "unhealthy"]
    backend: str | None
    latency_ms: float
    reason: str | None


@lru_cache(maxsize=1)
def shared_monitor() -> HealthMonitor:
    """The checks of this service."""
    settings = load(HealthSettings)
    monitor = HealthMonitor(settings.interval, settings.threshold, settings.timeout)
    for name, probe in {**locations.probes(), "circuit_breakers": breakers}.items():
        monitor.register(name, probe, critical=name in CRITICAL)
    return monitor


def breakers() -> Mapping[str, Any]:
    """The states of the collectors' breakers; degraded with one that is not closed."""
    states = {name: each["state"] for name, each in shared_breakers().status(locations.COLLECTORS).items()}
    # `status` tells breakers of others too, of live sources for one, without which an analysis is as good.
    held_back = [name for name, state in states.items() if name in locations.COLLECTORS and state != "closed"]
    if held_back:
        return {**states, "status": "degraded", "reason": f"not closed: {', '.join(held_back)}"}
    return states


def component_report(*, anew: bool = False) -> HealthReport:
    """The report of all components, made anew or of a moment ago."""
    return shared_monitor().report(anew=anew)


def component(name: str) -> ComponentHealth:
    """One component. Raises NotFound for a name that none has."""
    known = component_report().components
    if name not in known:
        raise NotFound(f"no component is called {name[:40]!r}; there are {', '.join(known)}")
    return known[name]


def service_health() -> ServiceHealth:
    """The short answer for probes of load balancers."""
    report = component_report()
    cache = report.components["cache"]
    return ServiceHealth(report.status, SERVICE, cache.status == "healthy" and cache.details.get("backend") == "redis")


def backend_health(name: str) -> BackendHealth:
    """The database, or the cache."""
    found = component(name)
    return BackendHealth(found.status, found.details.get("backend"), found.latency_ms, found.reason)
