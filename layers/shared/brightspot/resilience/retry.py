"""Calls that are tried again: full jitter, a budget, and never a wait that the deadline would cut off."""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from inspect import iscoroutinefunction
from random import Random
from typing import Any

from brightspot.core.clock import Clock
from brightspot.core.settings import setting
from brightspot.resilience.deadline import Deadline

_log = logging.getLogger(__name__)
Again = Callable[[Exception], float | None]


@dataclass(frozen=True, slots=True)
class RetrySettings:
    """How often and how soon a failed call is tried again."""

    retries: int = setting("RETRY_MAX_RETRIES", 3, "tries after the first one", least=0, most=10)
    base_ms: int = setting("RETRY_BASE_DELAY_MS", 1000, "milliseconds that the first wait is at most", least=0)
    longest_ms: int = setting("RETRY_MAX_DELAY_MS", 20_000, "milliseconds that any wait of ours is at most", least=0)
    saved: int = setting("RETRY_BUDGET", 10, "retries that a quiet time saves up, per callee", least=1, most=1000)
    percent: float = setting("RETRY_BUDGET_PERCENT", 10.0, "retries earned by 100 first tries", least=0, most=100)


class RetryBudget:
    """A token bucket for one callee: a retry costs a token, a first try earns a part of one. Safe between threads.

    When a callee is down every call fails and retries would multiply its load by four; once the saved tokens are
    gone, at most `percent` of the calls are tried again (Google SRE book, chapter 21, "Deciding to retry").
    """

    def __init__(self, settings: RetrySettings) -> None:
        self._most = float(settings.saved)
        self._earned = settings.percent / 100
        self._tokens = self._most
        self._lock = threading.Lock()

    def earn(self) -> None:
        """A first try was made."""
        with self._lock:
            self._tokens = min(self._most, self._tokens + self._earned)

    def spend(self) -> bool:
        """Whether one retry is paid for."""
        with self._lock:
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True


class Retry:
    """Tries calls to one callee again. Safe to share between threads."""

    def __init__(
        self,
        name: str,
        settings: RetrySettings,
        random: Random,
        sleep: Callable[[float], None] = time.sleep,
        asleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        self._name = name
        self._settings = settings
        self._random = random
        self._sleep = sleep
        self._asleep = asleep or asyncio.sleep
        self._budget = RetryBudget(settings)

    def call[T](
        self,
        job: Callable[[], T],
        *,
        deadline: Deadline,
        idempotent: bool,
        again: Again,
    ) -> T:
        """What `job` returns, or what it raised last.

        `again` judges an error: None when trying again is useless, else the seconds that the callee asked to wait (0:
        none). A job that is not `idempotent` runs once. No retry is begun without budget, nor when its wait would end
        at or past the deadline: the error is raised at once then.
        """
        self._budget.earn()
        for attempt in range(self._settings.retries):
            try:
                return job()
            except Exception as error:
                wait = self._wait(error, attempt, deadline, again if idempotent else _never)
                if wait is None:
                    raise
            self._sleep(wait)
        return job()

    async def acall[T](
        self, job: Callable[[], Awaitable[T]], *, deadline: Deadline, idempotent: bool, again: Again
    ) -> T:
        """As `call`, for a job that is awaited; the loop goes on while it waits."""
        self._budget.earn()
        for attempt in range(self._settings.retries):
            try:
                return await job()
            except Exception as error:
                wait = self._wait(error, attempt, deadline, again if idempotent else _never)
                if wait is None:
                    raise
            await self._asleep(wait)
        return await job()

    def marked[F: Callable[..., Any]](self, clock: Clock, *, seconds: float, again: Again) -> Callable[[F], F]:
        """A decorator that marks a plain or `async` function as idempotent; each call ends its tries in `seconds`."""

        def decorate(function: F) -> F:
            def rules() -> dict[str, Any]:
                return {"deadline": Deadline.after(clock, seconds), "idempotent": True, "again": again}

            @wraps(function)
            def called(*args: Any, **kwargs: Any) -> Any:
                return self.call(lambda: function(*args, **kwargs), **rules())

            @wraps(function)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                return await self.acall(lambda: function(*args, **kwargs), **rules())

            return awaited if iscoroutinefunction(function) else called  # type: ignore[return-value]  # same signature

        return decorate

    def _wait(self, error: Exception, attempt: int, deadline: Deadline, again: Again) -> float | None:
        """Seconds until the next try, which is paid for then; None when there is to be none."""
        asked = again(error)
        if asked is None:
            return None
        wait = max(asked, self.jittered(attempt))
        if wait >= deadline.remaining() or not self._budget.spend():
            return None
        told = {"callee": self._name, "attempt": attempt + 1, "wait": round(wait, 3), "reason": str(error)}
        _log.info("retried", extra=told)
        return wait

    def jittered(self, attempt: int) -> float:
        """Seconds to wait after try number `attempt`, counted from 0: uniform between 0 and the back-off.

        The back-off is base * 2 ** attempt, at most the longest wait (Brooker 2015, "Exponential Backoff And Jitter",
        AWS Architecture Blog: of the kinds compared there, full jitter costs the callee the fewest calls).
        """
        most = min(self._settings.longest_ms, self._settings.base_ms * 2**attempt)
        return self._random.uniform(0, most) / 1000


def _never(_: Exception) -> None:
    return None
