"""The task that runs: what its function may ask and say, and the end of its time."""

import asyncio
import inspect
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any

from brightspot.resilience.deadline import Deadline
from brightspot.tasks.errors import TaskCancelled, TaskTimedOut
from brightspot.tasks.rows import Effect

_LOOKED_SECONDS = 1.0


class RunningTask:
    """One attempt of a task, as its function sees it by `current_task()`.

    `look` tells whether the task is to be cancelled, `tell` keeps its progress and says the same.
    """

    def __init__(
        self,
        task_id: str,
        name: str,
        attempt: int,
        deadline: Deadline,
        *,
        tenant: str = "",
        look: Callable[[], bool],
        tell: Callable[[int, int], bool],
    ) -> None:
        self.id = task_id
        self.name = name
        self.attempt = attempt
        self.deadline = deadline
        self.tenant = tenant
        self.effects: list[Effect] = []
        self._look = look
        self._tell = tell
        self._look_at = float("-inf")

    def progress(self, done: int, total: int) -> None:
        """Tell how far it has come. Raises TaskCancelled and TaskTimedOut as `check` does."""
        self._in_time()
        if self._tell(done, total):
            raise TaskCancelled(f"{self.name} was cancelled at {done} of {total}")

    def check(self) -> None:
        """Go on, if it is wanted: raises TaskCancelled when it is not, TaskTimedOut past its deadline.

        Asks the table once a second at most.
        """
        self._in_time()
        now = self.deadline.clock.monotonic()
        if now - self._look_at >= _LOOKED_SECONDS:
            self._look_at = now
            if self._look():
                raise TaskCancelled(f"{self.name} was cancelled")

    def effect(self, effect: Effect) -> None:
        """Have a change of a row made together with the end of this task: exactly once, or not at all.

        It is made when the function returns, and not if it raises. One whose conditions do not hold then fails the
        attempt. Together at most 50, and none twice of one row.
        """
        self.effects.append(effect)

    def _in_time(self) -> None:
        if self.deadline.remaining() <= 0:
            raise TaskTimedOut(f"{self.name} did not end in its time")


_current: ContextVar[RunningTask] = ContextVar("running_task")


def current_task() -> RunningTask:
    """The task that calls. Raises LookupError outside of one."""
    return _current.get()


def called(task: RunningTask, function: Callable[[], Any]) -> Any:
    """What the function returns, plain or `async`; within the task's time where that can be had.

    On the main thread a timer ends it there, wherever it is (signal.setitimer). On others it ends when it calls
    `check` or `progress`. Raises TaskTimedOut, and what it raises.
    """
    token = _current.set(task)
    try:
        with _timer(task):
            value = function()
            return _finished(value) if inspect.isawaitable(value) else value
    finally:
        _current.reset(token)


def _finished(value: Awaitable[Any]) -> Any:
    """By a loop of its own; on a thread of its own where one runs already, as where a test awaits its submission."""
    if not _loop_runs():
        return asyncio.run(_awaited(value))
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(copy_context().run, asyncio.run, _awaited(value)).result()


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _awaited(value: Awaitable[Any]) -> Any:
    return await value


class _TimeIsUp(BaseException):
    """No Exception: a function that catches those must end all the same."""


@contextmanager
def _timer(task: RunningTask) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_signal: int, _frame: Any) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, end)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(task.deadline.remaining(), 0.001))
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _TimeIsUp:
        raise TaskTimedOut(f"{task.name} did not end in its time") from None
    finally:
        signal.signal(signal.SIGALRM, before)
