"""How the figures of panels are read of how things are now: health, security, caches, promises."""

from collections.abc import Callable
from typing import Final

from brightspot.operations.analytics import NamespaceAnalytics
from brightspot.operations.breakers import breaker_states
from brightspot.operations.dashboards.readers import Read
from brightspot.operations.dashboards.seen import Seen
from brightspot.operations.dashboards.shapes import PanelStatus
from brightspot.operations.dashboards.tile import Reading, Tile
from brightspot.operations.intrusion_shapes import SecurityMonitoring

_WORTH: Final[dict[str, tuple[float, PanelStatus]]] = {
    "healthy": (1.0, "ok"),
    "degraded": (0.5, "warning"),
    "unhealthy": (0.0, "critical"),
}
_KEPT: Final[dict[str, PanelStatus]] = {"met": "ok", "at_risk": "warning", "missed": "critical", "unknown": "unknown"}


def health_score(seen: Seen) -> Reading:
    """The mean of all components."""
    return Reading(seen.health.score)


def availability(seen: Seen) -> Reading:
    """The share of the day's probes that did not find it unhealthy."""
    share = seen.health_history.availability
    return Reading(share, "no probe of the last day is known" if share is None else "of the last 24 hours")


def component(name: str) -> Read:
    """How one component is: 1 healthy, 0.5 degraded, 0 unhealthy."""

    def read(seen: Seen) -> Reading:
        found = seen.health.components[name]
        value, status = _WORTH[found.status]
        return Reading(value, found.reason, status=status)

    return read


def unhealthy_advice(seen: Seen) -> list[str]:
    """Which components are not well, and why."""
    return [f"{name}: {each.reason}" for name, each in seen.health.components.items() if each.reason is not None]


def breakers_not_closed(_: Seen) -> Reading:
    """How many hold calls back."""
    names = [name for name, each in breaker_states().items() if each.state != "closed"]
    return Reading(len(names), ", ".join(names) or None)


def of_cache(read: Callable[[NamespaceAnalytics], float | None]) -> Read:
    """Of all namespaces since the shared store began."""

    def reading(seen: Seen) -> Reading:
        value = read(seen.cache.total)
        return Reading(value, "nothing was asked for or kept yet" if value is None else None)

    return reading


def of_security(read: Callable[[SecurityMonitoring], float | None]) -> Read:
    """Of what security monitoring says; why nobody knows, where nobody does."""
    return lambda seen: Reading(read(seen.security), seen.security.reason)


def waiting(*, dead: bool) -> Read:
    """Messages that wait in all queues of work, or of dead letters; not known as long as one of them is not."""

    def read(seen: Seen) -> Reading:
        states = [each for name, each in seen.queues.items() if name.endswith("dead-letters") == dead]
        unknown = next((each.reason for each in states if each.waiting is None), None)
        if unknown is not None or not states:
            return Reading(None, unknown or "no queue is named by TASK_QUEUE_URLS")
        return Reading(sum(each.waiting or 0 for each in states))

    return read


def slow_calls(seen: Seen) -> Reading:
    """How many of the last slow calls are remembered."""
    told = seen.performance
    return Reading(len(told.slow), f"the last 100 of {told.slow_threshold_ms:,} ms or more, whenever they were")


def promises(seen: Seen) -> list[Tile]:
    """One tile for the error budget of each promise."""
    return [Tile(f"Error budget left: {name}", "share", _budget(name)) for name in seen.service_levels.objectives]


def promise_advice(seen: Seen) -> list[str]:
    """What endangers a promise."""
    return seen.service_levels.recommendations


def _budget(name: str) -> Read:
    def read(seen: Seen) -> Reading:
        kept = seen.service_levels.objectives[name]
        return Reading(kept.budget_left, kept.reason, status=_KEPT[kept.status])

    return read
