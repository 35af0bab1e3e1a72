"""One circuit breaker around a piece of code: `with breaker:`, `breaker.call(job)` or `@breaker.guard()`."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import lru_cache, wraps
from inspect import iscoroutinefunction
from random import SystemRandom
from time import perf_counter
from types import TracebackType
from typing import Any, NamedTuple, Self

from brightspot.core.clock import SystemClock
from brightspot.core.settings import load
from brightspot.core.switches import Switches
from brightspot.resilience.breaker_events import BreakerStatus, CircuitOpenError, Result, Transition
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

    An exception that is one of `counted` is a failure, a TimeoutError among them a timeout; any other means that the
    callee answered, a success. One of `excluded`, and what is no `Exception` (a cancellation, an interrupt), says
    nothing about the callee and counts as nothing. (Resilience4j's recordExceptions and ignoreExceptions.) Each of both
    steps costs a round trip, `async with` too.
    """

    def __init__(
        self,
        breakers: Breakers,
        name: str,
        *,
        counted: tuple[type[Exception], ...] = (Exception,),
        excluded: tuple[type[Exception], ...] = (),
    ) -> None:
        self.name = name
        self._breakers = breakers
        self._counted = counted
        self._excluded = excluded

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
        self._breakers.report(None, {self.name: self._result(error, slow=slow)}, call.lease)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def call[T](self, job: Callable[[], T], fallback: Callable[[Exception], T] | None = None) -> T:
        """What `job` returns; what `fallback` makes of the error when the call is not made, or fails by what counts.

        Raises CircuitOpenError without a fallback, and what `job` raises that is not counted in any case.
        """
        try:
            with self:
                return job()
        except Exception as error:
            if fallback is None or not self._covers(error):
                raise
            return fallback(error)

    async def acall[T](
        self, job: Callable[[], Awaitable[T]], fallback: Callable[[Exception], Awaitable[T] | T] | None = None
    ) -> T:
        """As `call`, for a job that is awaited; its fallback may be awaited too."""
        try:
            async with self:
                return await job()
        except Exception as error:
            if fallback is None or not self._covers(error):
                raise
            made = fallback(error)
            return await made if isinstance(made, Awaitable) else made

    def guard[F: Callable[..., Any]](self, fallback: Callable[..., Any] | None = None) -> Callable[[F], F]:
        """A decorator for plain and `async` functions; `fallback` gets the error, then the arguments of the call."""

        def decorate(function: F) -> F:
            def other(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Callable[[Exception], Any] | None:
                return None if fallback is None else lambda error: fallback(error, *args, **kwargs)

            @wraps(function)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                return self.call(lambda: function(*args, **kwargs), other(args, kwargs))

            @wraps(function)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                return await self.acall(lambda: function(*args, **kwargs), other(args, kwargs))

            return awaited if iscoroutinefunction(function) else guarded  # type: ignore[return-value]  # same signature

        return decorate

    def open(self, seconds: float) -> None:
        """Let no call through for `seconds` in any instance. Raises StoreUnavailable when that could not be told."""
        self._breakers.open(self.name, seconds)

    def close(self) -> None:
        """Let calls through in every instance. Raises StoreUnavailable when that could not be told."""
        self._breakers.close(self.name)

    def status(self) -> BreakerStatus:
        return self._breakers.status([self.name])[self.name]

    def reset(self) -> None:
        """Close it and forget its counts. Raises StoreUnavailable when the shared state could not be reached."""
        self._breakers.reset(self.name)

    def _covers(self, error: Exception) -> bool:
        return isinstance(error, (CircuitOpenError, *self._counted)) and not isinstance(error, self._excluded)

    def _result(self, error: BaseException | None, *, slow: bool) -> Result:
        if error is None or (isinstance(error, Exception) and not isinstance(error, (*self._counted, *self._excluded))):
            return "slow" if slow else "ok"
        if not isinstance(error, Exception) or isinstance(error, self._excluded):
            return "cancelled"
        return "timeout" if isinstance(error, TimeoutError) else "failed"


@lru_cache(maxsize=1)
def shared_breakers() -> Breakers:
    """The breakers of this process, from its environment; opens no connection yet."""
    # The system's randomness has no seed that instances started from one snapshot would share.
    settings = load(BreakerSettings) if load(Switches).resilience else load(BreakerSettings).never_opening()
    return Breakers(shared_valkey(), SystemClock(), settings, SystemRandom(), _measure)


def _measure(transition: Transition) -> None:
    count(BREAKER_TRANSITIONS, breaker=transition.name, state=transition.after)


def get_circuit_breaker(
    name: str,
    failure_threshold: int | None = None,
    timeout: float | None = None,
    *,
    counted: tuple[type[Exception], ...] = (Exception,),
    excluded: tuple[type[Exception], ...] = (),
) -> Breaker:
    """The breaker of that name; threshold (failures in a row) and timeout (seconds open) as set, unless given here."""
    breakers = shared_breakers()
    breakers.configure(name, failure_threshold=failure_threshold, timeout=timeout)
    return Breaker(breakers, name, counted=counted, excluded=excluded)


def get_all_breakers_status() -> dict[str, BreakerStatus]:
    """Every breaker that any instance used within a day, by name."""
    return shared_breakers().status()
