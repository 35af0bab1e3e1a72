"""A bulkhead: at most so many calls of a kind at a time in this process, so that a slow callee fills no more."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import EXTERNAL_SERVICE

_POLL_SECONDS = 0.01


class BulkheadFull(BrightspotError):
    """The call was not made: as many as are allowed ran already, and none ended in time."""

    kind = EXTERNAL_SERVICE

    def __init__(self, name: str, most: int, waited_seconds: float) -> None:
        super().__init__(f"{name}: {most} calls run already, and none ended within {waited_seconds:g} s")
        self.name = name


class Bulkhead:
    """`most` calls at a time, of threads and tasks together; others wait up to `wait_seconds`. Safe between threads."""

    def __init__(self, name: str, most: int, wait_seconds: float = 0.0) -> None:
        if most < 1 or not 0 <= wait_seconds <= threading.TIMEOUT_MAX:
            raise ValueError(f"{name} cannot run {most} calls at a time, nor wait {wait_seconds:g} s")
        self.name = name
        self._most = most
        self._wait = wait_seconds
        self._places = threading.BoundedSemaphore(most)

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for one call, which blocks its thread while it waits. Raises BulkheadFull."""
        if not self._places.acquire(timeout=self._wait):
            raise BulkheadFull(self.name, self._most, self._wait)
        try:
            yield
        finally:
            self._places.release()

    @asynccontextmanager
    async def aplace(self) -> AsyncIterator[None]:
        """As `place`, for a task: its loop goes on while it waits (it asks every 10 ms, so no order is kept)."""
        over = asyncio.get_running_loop().time() + self._wait
        while not self._places.acquire(blocking=False):
            left = over - asyncio.get_running_loop().time()
            if left <= 0:
                raise BulkheadFull(self.name, self._most, self._wait)
            await asyncio.sleep(min(left, _POLL_SECONDS))
        try:
            yield
        finally:
            self._places.release()
