"""Operations: what an operator asks of the running system."""

from brightspot.audit import DEFAULT_LISTED as DEFAULT_AUDITED
from brightspot.audit import MOST_LISTED as MOST_AUDITED
from brightspot.audit import AuditPage, AuditQuery
from brightspot.core.codec import dumps as encode
from brightspot.operations.audited import audit_page, audited
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
    "DEFAULT_AUDITED",
    "MOST_AUDITED",
    "AuditPage",
    "AuditQuery",
    "BreakerState",
    "BreakerStates",
    "BreakersReset",
    "CacheStats",
    "Cleared",
    "Health",
    "Maintenance",
    "audit_page",
    "audited",
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
