"""Health of the parts of a service: checks by name, run at once, each within a time, and one word for the whole.

Not loaded with its package: only whoever checks health pays for it.
"""

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from brightspot.core.clock import Clock, SystemClock
from brightspot.resilience.deadline import Deadline
from brightspot.resilience.parallel import Outcome, run_all
from brightspot.telemetry import HEALTH_CHECKS, count

Status = Literal["healthy", "degraded", "unhealthy"]
CheckFunction = Callable[[], Mapping[str, Any] | bool | Awaitable[Mapping[str, Any] | bool | None] | None]
_WORTH: Final[Mapping[Status, float]] = {"healthy": 1.0, "degraded": 0.5, "unhealthy": 0.0}


class ComponentHealth(msgspec.Struct, frozen=True):
    """What one check found. `reason` says why it is not healthy, `details` is what the check told besides."""

    status: Status
    critical: bool
    latency_ms: float
    outcome: Literal["ok", "failed", "timeout"]
    reason: str | None
    details: dict[str, Any]


class HealthReport(msgspec.Struct, frozen=True):
    """`score` is 0 to 1: the mean over all components, of which a degraded one counts half. `alert`: it is too low.

    The whole is unhealthy when a critical component is, and degraded when any component is not healthy.
    """

    status: Status
    score: float
    alert: bool
    checked_at: datetime
    components: dict[str, ComponentHealth]


@dataclass(frozen=True, slots=True)
class _Check:
    function: CheckFunction
    critical: bool


class HealthMonitor:
    """Checks registered by call or decorator. Safe to share between threads.

    A check is healthy when it returns, unless it tells a `status` of its own ("healthy", "degraded", "unhealthy") or
    False; it is unhealthy when it raises or takes longer than `dependency_timeout` seconds. All run at once. A report
    is given again for `check_interval` seconds.
    """

    def __init__(
        self,
        check_interval: float = 30.0,
        alert_threshold: float = 0.8,
        dependency_timeout: float = 10.0,
        *,
        clock: Clock | None = None,
    ) -> None:
        self._interval = check_interval
        self._threshold = alert_threshold
        self._timeout = dependency_timeout
        self._clock = clock or SystemClock()
        self._checks: dict[str, _Check] = {}
        self._lock = threading.Lock()
        self._last: tuple[float, HealthReport] | None = None

    def register(self, name: str, function: CheckFunction, *, critical: bool = False) -> None:
        """Check this too from now on; one of the same name is replaced."""
        with self._lock:
            self._checks[name] = _Check(function, critical)
            self._last = None

    def check[F: CheckFunction](self, name: str, *, critical: bool = False) -> Callable[[F], F]:
        """As `register`, over the function it decorates."""

        def decorate(function: F) -> F:
            self.register(name, function, critical=critical)
            return function

        return decorate

    def report(self, *, anew: bool = False) -> HealthReport:
        """How all components are: as they were within the last `check_interval` seconds, or `anew`."""
        now = self._clock.monotonic()
        with self._lock:
            last, checks = self._last, dict(self._checks)
        if last is not None and not anew and now - last[0] < self._interval:
            return last[1]
        made = self._made(checks)
        with self._lock:
            self._last = (now, made)
        return made

    async def register_component(self, name: str, check_func: CheckFunction, critical: bool = False) -> None:
        """`register`, to be awaited."""
        self.register(name, check_func, critical=critical)

    async def get_health_status(self) -> HealthReport:
        """`report`, to be awaited; the event loop goes on meanwhile."""
        return await asyncio.to_thread(self.report)

    def _made(self, checks: Mapping[str, _Check]) -> HealthReport:
        jobs = {name: _called(each.function) for name, each in checks.items()}
        outcomes = run_all(jobs, Deadline.after(self._clock, self._timeout))
        components = {name: _component(each, checks[name].critical, self._timeout) for name, each in outcomes.items()}
        for name, each in components.items():
            count(HEALTH_CHECKS, check=name, status=each.status)
        worths = [_WORTH[each.status] for each in components.values()]
        score = sum(worths) / len(worths) if worths else 1.0
        return HealthReport(
            status=_whole(components),
            score=round(score, 4),
            alert=score < self._threshold,
            checked_at=self._clock.now(),
            components=components,
        )


def _called(function: CheckFunction) -> Callable[[], Any]:
    def call() -> Any:
        told = function()
        return asyncio.run(_awaited(told)) if inspect.isawaitable(told) else told

    return call


async def _awaited[T](told: Awaitable[T]) -> T:
    return await told


def _component(outcome: Outcome[Any], critical: bool, timeout: float) -> ComponentHealth:
    told = outcome.value
    status, reason = _judged(outcome, told, timeout)
    known = {"status"} if reason is None else {"status", "error", "reason"}
    details = {name: value for name, value in told.items() if name not in known} if isinstance(told, Mapping) else {}
    return ComponentHealth(status, critical, round(outcome.milliseconds, 3), outcome.status, reason, details)


def _judged(outcome: Outcome[Any], told: Any, timeout: float) -> tuple[Status, str | None]:
    if outcome.status == "timeout":
        return "unhealthy", f"no answer within {timeout:g} s"
    if outcome.error is not None:
        return "unhealthy", str(outcome.error) or type(outcome.error).__name__
    if isinstance(told, Mapping) and told.get("status") in _WORTH:
        status: Status = told["status"]
        return status, None if status == "healthy" else str(
            told.get("error") or told.get("reason") or "it says so itself"
        )
    return ("unhealthy", "it returned False") if told is False else ("healthy", None)


def _whole(components: Mapping[str, ComponentHealth]) -> Status:
    if any(each.critical and each.status == "unhealthy" for each in components.values()):
        return "unhealthy"
    return "healthy" if all(each.status == "healthy" for each in components.values()) else "degraded"
