"""Which processes work for queues: each tells that it is there with the messages that it takes."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import uuid4

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.settings import load, setting
from brightspot.core.snapshots import after_restore, before_snapshot
from brightspot.telemetry import this_function
from brightspot.valkey import StoreUnavailable, Valkey, shared_valkey

_KEY: Final = "bs:{workers}:seen"
_KEPT_SECONDS: Final = 7200
_EVERY_SECONDS: Final = 10.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What Lambda says of this instance of a function."""

    instance: str = setting("AWS_LAMBDA_LOG_STREAM_NAME", "", "name of an instance's own log; Lambda sets it")


class Seen(NamedTuple):
    """A process that took messages: the function that it is an instance of, its own name, and when (Unix seconds)."""

    function: str
    instance: str
    at: float


class Workers:
    """Safe to share between threads. Without a store, a process knows itself alone."""

    def __init__(self, valkey: Valkey | None, clock: Clock, function: str, instance: str) -> None:
        self._valkey = valkey
        self._clock = clock
        self._name = f"{function} {instance}"
        self._next = 0.0
        self._last: float | None = None

    @property
    def shared(self) -> bool:
        """Whether others are known."""
        return self._valkey is not None

    def tell(self) -> None:
        """This process takes messages now; told once in ten seconds at most, and told later where the store is away."""
        if self._clock.monotonic() < self._next:
            return
        self._last = self._clock.now().timestamp()
        if self._valkey is not None:
            trip = self._valkey.trip()
            trip.add("ZADD", _KEY, self._last, self._name)
            trip.add("ZREMRANGEBYSCORE", _KEY, "-inf", self._last - _KEPT_SECONDS)
            trip.add("PEXPIRE", _KEY, _KEPT_SECONDS * 1000)
            try:
                trip.run()
            except StoreUnavailable as error:
                _log.debug("worker_not_told", extra={"error": str(error)})  # the store's own outage is logged once
                return
        self._next = self._clock.monotonic() + _EVERY_SECONDS

    def seen(self, minutes: int) -> list[Seen]:
        """Those that took messages within the last minutes, the latest last. Raises StoreUnavailable."""
        since = self._clock.now().timestamp() - minutes * 60
        if self._valkey is None:
            return [] if self._last is None or self._last < since else [_seen(self._name, self._last)]
        found = self._valkey.call("ZRANGE", _KEY, since, "+inf", "BYSCORE", "WITHSCORES")
        return [_seen(name.decode(), float(at)) for name, at in _pairs(found)]


def _seen(name: str, at: float) -> Seen:
    function, _, instance = name.partition(" ")
    return Seen(function, instance, at)


def _pairs(found: list[bytes]) -> Iterable[tuple[bytes, bytes]]:
    return zip(found[::2], found[1::2], strict=True)


@lru_cache(maxsize=1)
def shared_workers() -> Workers:
    """This process among the workers, under a name that no other has."""
    instance = load(WorkerSettings).instance or uuid4().hex
    return Workers(shared_valkey(), SystemClock(), this_function().name, instance)


before_snapshot(shared_workers.cache_clear)
after_restore(shared_workers.cache_clear)  # each environment that wakes has a name of its own
