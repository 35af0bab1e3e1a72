"""What getting a computed value may have to wait for, and who waits: a thread, or a coroutine.

The rules (`resolution.py`) are written once, as a generator of these steps; each driver takes them in its own way.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Generator
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final

from brightspot.cache.computing.flight import Flight

_ASYNC_POLL_SECONDS: Final = 0.002


class Overran(Exception):
    """The computation was not over in time; what it comes to is not looked at any more."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait before asking again."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Watch:
    """Wait until something becomes of a flight, but no longer than `seconds`."""

    flight: Flight
    seconds: float


@dataclass(frozen=True, slots=True)
class Compute:
    """Call the function; over in `seconds`, or Overran is raised. None: take as long as it takes, in this thread."""

    seconds: float | None


Step = Pause | Watch | Compute
type Steps[T] = Generator[Step, Any, T]


def drive[T](steps: Steps[T], function: Callable[[], Any], sleep: Callable[[float], None]) -> T:
    """Take the steps in this thread."""

    def take(step: Step) -> Any:
        match step:
            case Pause(seconds):
                return sleep(seconds)
            case Watch(flight, seconds):
                return flight.changed.wait(seconds)
            case Compute(seconds):
                return function() if seconds is None else _in_time(function, seconds)

    try:
        step = next(steps)
        while True:
            try:
                told = take(step)
            except BaseException as error:  # noqa: BLE001  # the steps decide about it
                step = steps.throw(error)
            else:
                step = steps.send(told)
    except StopIteration as end:
        result: T = end.value
        return result


async def drive_async[T](steps: Steps[T], function: Callable[[], Awaitable[Any]]) -> T:
    """Take the steps in this event loop; a computation that is late is cancelled. Trips to the store still block."""
    try:
        step = next(steps)
        while True:
            try:
                told = await _take(step, function)
            except BaseException as error:  # noqa: BLE001  # the steps decide about it
                step = steps.throw(error)
            else:
                step = steps.send(told)
    except StopIteration as end:
        result: T = end.value
        return result


async def _take(step: Step, function: Callable[[], Awaitable[Any]]) -> Any:
    match step:
        case Pause(seconds):
            return await asyncio.sleep(seconds)
        case Watch(flight, seconds):
            loop = asyncio.get_running_loop()
            over = loop.time() + seconds
            # No asyncio.Event: its leader may be in a thread, or in another loop.
            while not flight.changed.is_set() and loop.time() < over:  # noqa: ASYNC110
                await asyncio.sleep(_ASYNC_POLL_SECONDS)
            return None
        case Compute(None):
            return await function()
        case Compute(seconds):
            # Not asyncio.timeout alone: a TimeoutError of the function's own is an error like others.
            try:
                async with asyncio.timeout(seconds) as limit:
                    return await function()
            except TimeoutError as error:
                if limit.expired():
                    raise Overran from error
                raise


def _in_time(function: Callable[[], Any], seconds: float) -> Any:
    """On a daemon thread, which cannot be stopped: left behind, its result is dropped when it comes."""
    done: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            done.put((function(), None))
        except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
            done.put((None, error))

    threading.Thread(target=copy_context().run, args=(run,), name="cache-compute", daemon=True).start()
    try:
        value, error = done.get(timeout=seconds)
    except Empty:
        raise Overran from None
    if error is not None:
        raise error
    return value
