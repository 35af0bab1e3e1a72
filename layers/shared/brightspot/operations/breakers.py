"""Circuit breakers seen and reset by hand."""

from typing import Literal

import msgspec

from brightspot import locations
from brightspot.core.errors import InputRefused
from brightspot.resilience import Breakers, shared_breakers


class BreakerState(msgspec.Struct, frozen=True):
    """One breaker over all instances; `seconds_in_state` is null before its first use."""

    name: str
    state: Literal["closed", "open", "half_open"]
    failure_count: int
    success_count: int
    seconds_in_state: float | None


BreakerStates = dict[str, BreakerState]


class BreakersReset(msgspec.Struct, frozen=True):
    """Which breakers were closed."""

    message: str
    reset: list[str]


def breaker_states(breakers: Breakers | None = None) -> BreakerStates:
    """Every breaker by name: one per collector and live source, and any other in use."""
    told = (breakers or shared_breakers()).status(locations.breaker_names())
    return {name: BreakerState(**state) for name, state in told.items()}


def reset_breakers(name: str | None, breakers: Breakers | None = None) -> BreakersReset:
    """Close one breaker, or all.

    Raises InputRefused for a name that no breaker has, StoreUnavailable when the shared state cannot be reached.
    """
    known = breakers or shared_breakers()
    if name is not None and name not in known.status(locations.breaker_names()):
        raise InputRefused("name", f"no breaker is called {name[:40]!r}; GET /api/v1/circuit-breakers lists them")
    done = known.reset(name)
    return BreakersReset(f"Reset {len(done)} circuit breakers", done)
