"""The heartbeat of a worker: while its tasks run, their leases do not end."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextvars import copy_context
from types import TracebackType
from typing import Final, Self

from brightspot.store import AwsUnavailable
from brightspot.tasks.claims import Claims
from brightspot.tasks.rows import Head

_TICK_SECONDS: Final = 0.1
_log = logging.getLogger(__name__)


class Heartbeat:
    """A thread beside the tasks of one event, which has ended when the `with` has: nothing runs after the answer.

    `heads` are the tasks whose leases are extended, as they are at each beat. `often` is called several times a second,
    `beside` whenever leases are extended.
    """

    def __init__(
        self, claims: Claims, heads: Mapping[str, Head], often: Callable[[], None], beside: Callable[[], None]
    ) -> None:
        self._claims = claims
        self._heads = heads
        self._often = often
        self._beside = beside
        self._end = threading.Event()
        self._thread = threading.Thread(target=copy_context().run, args=(self._beat,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._end.set()
        self._thread.join()

    def _beat(self) -> None:
        ticks = max(1, round(self._claims.lease_seconds / 3 / _TICK_SECONDS))
        tick = 0
        while not self._end.wait(_TICK_SECONDS):
            tick += 1
            try:
                self._often()
                if tick % ticks == 0:
                    self._claims.extend(list(self._heads.values()))
                    self._beside()
            except AwsUnavailable as error:
                _log.warning("heartbeat_failed", extra={"error": str(error)})  # two more come before the lease is over
