"""Operations: what an operator asks of the running system."""

from brightspot.core.codec import dumps as encode
from brightspot.operations.breakers import (
    BreakersReset,
    BreakerState,
    BreakerStates,
    breaker_states,
    close_breaker,
    open_breaker,
    reset_breakers,
)
from brightspot.operations.caches import CacheStats, Cleared, cache_namespaces, cache_stats, clear_cache
from brightspot.operations.health import Health, health
from brightspot.operations.maintenance import forget_maintenance, maintenance_state, switch_maintenance
from brightspot.operations.probe import probe_health
from brightspot.resilience.maintenance import Maintenance

__all__ = [
    "BreakerState",
    "BreakerStates",
    "BreakersReset",
    "CacheStats",
    "Cleared",
    "Health",
    "Maintenance",
    "breaker_states",
    "cache_namespaces",
    "cache_stats",
    "clear_cache",
    "close_breaker",
    "encode",
    "forget_maintenance",
    "health",
    "maintenance_state",
    "open_breaker",
    "probe_health",
    "reset_breakers",
    "switch_maintenance",
]
