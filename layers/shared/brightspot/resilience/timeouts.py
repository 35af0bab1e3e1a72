"""Timeouts per operation: a job under the sooner of its own time and the request's deadline."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from brightspot.core.errors import BrightspotError, SettingsError
from brightspot.core.kinds import TIMEOUT
from brightspot.core.settings import setting
from brightspot.resilience.deadline import Deadline
from brightspot.resilience.parallel import run_all


class OperationTimeout(BrightspotError, TimeoutError):
    """The operation did not end in time; what it did or is still doing is not known."""

    kind = TIMEOUT

    def __init__(self, operation: str, seconds: float) -> None:
        super().__init__(f"{operation} did not end within {seconds:.3g} s")
        self.operation = operation


@dataclass(frozen=True, slots=True)
class TimeoutSettings:
    """How long operations may take: one time for all, and others by name."""

    usual_ms: int = setting("OPERATION_TIMEOUT_MS", 5_000, "milliseconds that an operation may take", least=1)
    named: str = setting("OPERATION_TIMEOUTS_MS", "", "other times by operation, as in geocode=800,history=1500")


class Timeouts:
    """Runs operations by name. Raises SettingsError for names and times that cannot be read."""

    def __init__(self, settings: TimeoutSettings) -> None:
        self._usual = settings.usual_ms / 1000
        self._named = _read(settings.named)

    def seconds(self, operation: str) -> float:
        """How long it may take, as set."""
        return self._named.get(operation, self._usual)

    def run[T](self, operation: str, job: Callable[[], T], deadline: Deadline) -> T:
        """What `job` returns or raises. Raises OperationTimeout when it runs on, then behind us, on a daemon thread.

        It never outlasts `deadline`, and is not begun when that is over. A job that cannot be left behind (one that
        writes) should rather be told its deadline and keep it.
        """
        within = deadline.within(self.seconds(operation))
        seconds = within.remaining()
        if not seconds:
            raise OperationTimeout(operation, 0)
        outcome = run_all({operation: job}, within)[operation]
        if outcome.status == "timeout":
            raise OperationTimeout(operation, seconds)
        if outcome.error is not None:
            raise outcome.error
        return outcome.value  # type: ignore[return-value]  # what is ok has the job's own value, which may be None

    async def arun[T](self, operation: str, job: Callable[[], Awaitable[T]], deadline: Deadline) -> T:
        """As `run`, for a job that is awaited: it is cancelled when its time is over."""
        seconds = deadline.within(self.seconds(operation)).remaining()
        if not seconds:
            raise OperationTimeout(operation, 0)
        scope = asyncio.timeout(seconds)
        try:
            async with scope:
                return await job()
        except TimeoutError as error:
            if scope.expired():
                raise OperationTimeout(operation, seconds) from error
            raise  # the job's own


def _read(text: str) -> Mapping[str, float]:
    named = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, milliseconds = part.partition("=")
        if not name.strip() or not milliseconds.strip().isdecimal() or not int(milliseconds):
            raise SettingsError(
                f"OPERATION_TIMEOUTS_MS={text!r}: send names with milliseconds (geocode=800,history=1500)"
            )
        named[name.strip()] = int(milliseconds) / 1000
    return named
