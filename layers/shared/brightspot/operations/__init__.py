"""Operations: what an operator asks of the running system."""

from brightspot.core.codec import dumps as encode
from brightspot.operations.breakers import BreakersReset, BreakerState, BreakerStates, breaker_states, reset_breakers
from brightspot.operations.caches import CACHE_NAMESPACES, Cleared, clear_cache
from brightspot.operations.health import Health, health

__all__ = [
    "CACHE_NAMESPACES",
    "BreakerState",
    "BreakerStates",
    "BreakersReset",
    "Cleared",
    "Health",
    "breaker_states",
    "clear_cache",
    "encode",
    "health",
    "reset_breakers",
]
