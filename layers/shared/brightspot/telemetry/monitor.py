"""How long named operations take, and which were slow: around a function, or around a block."""

import inspect
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from types import TracebackType
from typing import Any, Self, cast

from brightspot.core.kinds import kind_of
from brightspot.core.settings import load, setting
from brightspot.core.switches import Switches
from brightspot.telemetry.declared import OPERATION_CPU, OPERATION_ERRORS, OPERATION_SECONDS
from brightspot.telemetry.recorder import count, observe, shared_ledger
from brightspot.telemetry.spans import span

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PerformanceSettings:
    """What is measured, and what is slow."""

    enabled: bool = setting(
        "PERFORMANCE_MONITORING_ENABLED",
        True,
        "whether operations are measured",
        off="operations are not measured, and none is called slow",
    )
    slow_ms: int = setting(
        "PERFORMANCE_ALERT_THRESHOLD_MS", 1000, "milliseconds from which an operation is slow", least=1
    )


class performance_context:  # noqa: N801  # it is used as a function
    """`with performance_context("query", {"table": "users"}):`, or `async with`; one measurement, whatever is raised.

    The name is a label, and that of a span: take names from a fixed set. The attributes go with the event of an
    operation that was slow, and into nothing else. Processor time is that of the whole process: of one request at a
    time, as Lambda has it.
    """

    __slots__ = ("_attributes", "_cpu", "_name", "_span", "_started")

    def __init__(self, name: str, attributes: Mapping[str, Any] | None = None) -> None:
        self._name = name
        self._attributes = attributes or {}

    def __enter__(self) -> Self:
        self._span = span(self._name).__enter__()
        self._cpu = time.process_time()
        self._started = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        seconds, cpu = time.perf_counter() - self._started, time.process_time() - self._cpu
        self._span.__exit__(kind, error, trace)
        if not monitoring_enabled():
            return
        observe(OPERATION_SECONDS, seconds, operation=self._name)
        observe(OPERATION_CPU, cpu, operation=self._name)
        if error is not None:
            count(OPERATION_ERRORS, operation=self._name, error=kind_of(error).name)
        if seconds * 1000 >= slow_ms():
            self._tell_slow(seconds)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def _tell_slow(self, seconds: float) -> None:
        told = {"operation": self._name, "ms": round(seconds * 1000, 1), "attributes": dict(self._attributes)}
        _log.warning("operation_slow", extra=told)
        shared_ledger().slow(self._name, seconds)


def monitor_performance[**P, T](name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Measure each call of a function, plain or `async`, under this name."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                with performance_context(name):
                    return await function(*args, **kwargs)

            return cast("Callable[P, T]", awaited)

        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> T:
            with performance_context(name):
                return function(*args, **kwargs)

        return called

    return decorate


def monitoring_enabled() -> bool:
    """Whether operations are measured."""
    return _settings().enabled and _switches().monitoring


def slow_ms() -> int:
    """Milliseconds from which an operation is slow."""
    return _settings().slow_ms


@cache
def _switches() -> Switches:
    return load(Switches)


@cache
def _settings() -> PerformanceSettings:
    return load(PerformanceSettings)
