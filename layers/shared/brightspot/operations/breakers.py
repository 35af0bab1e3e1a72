"""Circuit breakers seen, opened, closed and reset by hand."""

from typing import Literal

import msgspec

from brightspot import locations
from brightspot.core.errors import InputRefused
from brightspot.resilience import MOST_SECONDS_BY_HAND, Breakers, shared_breakers


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
    if name is not None:
        _check(name, known)
    done = known.reset(name)
    return BreakersReset(f"Reset {len(done)} circuit breakers", done)


def open_breaker(name: str, seconds: float, breakers: Breakers | None = None) -> BreakerState:
    """Let no call of one breaker through for `seconds`; what it is then.

    Raises InputRefused for a name that no breaker has and for a time that is too long, StoreUnavailable when the shared
    state cannot be reached.
    """
    known = breakers or shared_breakers()
    _check(name, known)
    if not 0 < seconds <= MOST_SECONDS_BY_HAND:
        raise InputRefused("seconds", f"send more than 0 and at most {MOST_SECONDS_BY_HAND}")
    known.open(name, seconds)
    return BreakerState(**known.status([name])[name])


def close_breaker(name: str, breakers: Breakers | None = None) -> BreakerState:
    """Let calls of one breaker through; what it is then. Raises as `open_breaker` does."""
    known = breakers or shared_breakers()
    _check(name, known)
    known.close(name)
    return BreakerState(**known.status([name])[name])


def _check(name: str, breakers: Breakers) -> None:
    if name not in breakers.status(locations.breaker_names()):
        raise InputRefused("name", f"no breaker is called {name[:40]!r}; GET /api/v1/circuit-breakers lists them")
