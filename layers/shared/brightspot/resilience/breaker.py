"""One circuit breaker around a piece of code: `with breaker:` or `async with breaker:`."""

from contextvars import ContextVar
from functools import lru_cache
from random import SystemRandom
from time import perf_counter
from types import TracebackType
from typing import NamedTuple, Self

from brightspot.core.clock import SystemClock
from brightspot.core.settings import load
from brightspot.resilience.breaker_events import BreakerStatus, Result, Transition
from brightspot.resilience.breaker_settings import BreakerSettings
from brightspot.resilience.breakers import Breakers
from brightspot.telemetry import BREAKER_TRANSITIONS, count
from brightspot.valkey import shared_valkey


class _Call(NamedTuple):
    lease: str
    started: float


# Of this thread or task, innermost last: one breaker may guard many calls at a time, and one inside another.
_calls: ContextVar[tuple[_Call, ...]] = ContextVar("breaker_calls", default=())


class Breaker:
    """Entering raises CircuitOpenError when the call must not be made; leaving reports what became of it.

    An exception is a failure, a TimeoutError a timeout; what is no `Exception` (a cancellation, an interrupt) says
    nothing about the callee and counts as nothing. Each of both steps costs a round trip, `async with` too.
    """

    def __init__(self, breakers: Breakers, name: str) -> None:
        self.name = name
        self._breakers = breakers

    def __enter__(self) -> Self:
        call = _Call(self._breakers.admit(self.name), perf_counter())
        _calls.set((*_calls.get(), call))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        *outer, call = _calls.get()
        _calls.set(tuple(outer))
        slow_ms = self._breakers.rules(self.name).slow_ms
        slow = (perf_counter() - call.started) * 1000 >= slow_ms
        self._breakers.report(None, {self.name: _result(error, slow)}, call.lease)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def status(self) -> BreakerStatus:
        return self._breakers.status([self.name])[self.name]

    def reset(self) -> None:
        """Close it and forget its counts. Raises StoreUnavailable when the shared state could not be reached."""
        self._breakers.reset(self.name)


@lru_cache(maxsize=1)
def shared_breakers() -> Breakers:
    """The breakers of this process, from its environment; opens no connection yet."""
    # The system's randomness has no seed that instances started from one snapshot would share.
    return Breakers(shared_valkey(), SystemClock(), load(BreakerSettings), SystemRandom(), _measure)


def _measure(transition: Transition) -> None:
    count(BREAKER_TRANSITIONS, breaker=transition.name, state=transition.after)


def get_circuit_breaker(name: str, failure_threshold: int | None = None, timeout: float | None = None) -> Breaker:
    """The breaker of that name; threshold (failures in a row) and timeout (seconds open) as set, unless given here."""
    breakers = shared_breakers()
    breakers.configure(name, failure_threshold=failure_threshold, timeout=timeout)
    return Breaker(breakers, name)


def get_all_breakers_status() -> dict[str, BreakerStatus]:
    """Every breaker that any instance used within a day, by name."""
    return shared_breakers().status()


def _result(error: BaseException | None, slow: bool) -> Result:
    if error is None:
        return "slow" if slow else "ok"
    if isinstance(error, TimeoutError):
        return "timeout"
    return "failed" if isinstance(error, Exception) else "cancelled"
