"""Two levels: this process over the shared store, coherent by epochs that travel with every request."""

import logging
from dataclasses import dataclass
from typing import Any

from brightspot.cache.envelope import Envelope, unpack
from brightspot.cache.local import LocalLevel
from brightspot.core.clock import Clock
from brightspot.valkey import Answer, Script, StoreUnavailable, Trip, Valkey

MOVE_EPOCH = Script.beside(__file__, "move_epoch.lua")
LOCAL_ONLY_SECONDS = 30.0
_SCAN_COUNT = 500
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Since:
    """When a computation began, by the store's clock, and whether its namespace had an epoch then."""

    time: float
    epoch_known: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A value found, how many seconds ago its making began, and which level had it."""

    value: bytes
    age_seconds: float
    level: str


class TieredCache:
    """Bytes by namespace and key. A miss is None; an outage of the shared store is never an error to callers.

    An entry's `created` is the store's time read before its value was computed. Clearing a namespace moves its epoch to
    the store's time, and an entry created before its epoch is stale at every level of every instance, also one whose
    computation began before the clear and ended after it. A namespace without an epoch has lost its memory (the store
    came back empty), so what processes hold of it is not trusted either; the next write sets one. While the store is
    away, what this process holds serves for 30 seconds at most.
    """

    def __init__(self, valkey: Valkey | None, clock: Clock, local: LocalLevel) -> None:
        self._valkey = valkey
        self._clock = clock
        self._local = local

    def ask(self, trip: Trip, namespace: str, key: str) -> "Lookup":
        """Put the question for one entry on a trip; read it by `Lookup.found` after the trip."""
        name = _name(namespace, key)
        held = self._local.get(name)
        times, epoch = trip.add("TIME"), trip.add("GET", _epoch(namespace))
        entry = None if held else trip.add("GET", name)
        return Lookup(self._local, name, held, times=times, epoch=epoch, entry=entry)

    def held(self, namespace: str, key: str) -> Hit | None:
        """What this process alone has, for when the store is away or there is none."""
        entry = self._local.get(_name(namespace, key))
        if entry is None:
            return None
        age = self._now() - entry.created
        limit = entry.hard - entry.created if self._valkey is None else LOCAL_ONLY_SECONDS
        return Hit(entry.payload, max(0.0, age), "memory") if age < limit and self._now() < entry.hard else None

    def keep(
        self, trip: Trip | None, namespace: str, key: str, value: bytes, ttl_seconds: float, *, since: Since | None
    ) -> None:
        """Keep a value here and, on the trip, in the store. `since` is told by the lookup that missed it."""
        if ttl_seconds <= 0:
            return
        created = self._now() if since is None else since.time
        entry = Envelope(created, created + ttl_seconds, created + ttl_seconds, (), value)
        self._local.set(_name(namespace, key), entry)
        if trip is None:
            return
        if since is not None and not since.epoch_known:
            trip.add("SET", _epoch(namespace), f"{created - 1e-6:.6f}", "NX")
        trip.add("SET", _name(namespace, key), entry.pack(), "PX", round(ttl_seconds * 1000))

    def get(self, namespace: str, key: str) -> tuple[Hit | None, Since | None]:
        """One entry in a round trip of its own, with what a later `put` must know."""
        if self._valkey is None:
            return self.held(namespace, key), None
        trip = self._valkey.trip()
        lookup = self.ask(trip, namespace, key)
        try:
            trip.run()
            return lookup.found(), lookup.since()
        except StoreUnavailable:
            return self.held(namespace, key), None

    def put(self, namespace: str, key: str, value: bytes, ttl_seconds: float, *, since: Since | None) -> None:
        """Keep one entry in a round trip of its own; without the store, here alone."""
        trip = self._valkey.trip() if self._valkey is not None else None
        self.keep(trip, namespace, key, value, ttl_seconds, since=since)
        if trip is None:
            return
        try:
            trip.run()
        except StoreUnavailable as error:
            _log.debug("cache_not_shared", extra={"namespace": namespace, "reason": str(error)})

    def clear(self, namespace: str) -> int:
        """Make every entry of a namespace stale everywhere, then remove them; how many entries there really were.

        Raises StoreUnavailable when the shared store cannot be told: what cannot be cleared everywhere is not called
        cleared.
        """
        prefix = _name(namespace, "")
        here = self._local.clear(prefix)
        if self._valkey is None:
            return here
        self._valkey.run(MOVE_EPOCH, [_epoch(namespace)], [])
        return self._remove(prefix)

    def state(self) -> dict[str, Any]:
        """Which store serves and what this process holds. Asks the store; raises StoreUnavailable."""
        if self._valkey is None:
            return {"backend": "in-memory", **self._local.stats()}
        self._valkey.call("PING")
        return {"backend": "redis", **self._local.stats()}

    def _remove(self, prefix: str) -> int:
        if self._valkey is None:
            return 0
        removed, cursor = 0, b"0"
        while True:
            cursor, names = self._valkey.call("SCAN", cursor, "MATCH", f"{prefix}*", "COUNT", _SCAN_COUNT)
            entries = [name for name in names if not name.startswith(f"{prefix}@".encode())]
            if entries:
                removed += self._valkey.call("UNLINK", *entries)
            if cursor == b"0":
                return removed

    def _now(self) -> float:
        return self._clock.now().timestamp()


class Lookup:
    """One question to the cache, under way on a trip."""

    def __init__(
        self, local: LocalLevel, name: str, held: Envelope | None, *, times: Answer, epoch: Answer, entry: Answer | None
    ) -> None:
        self._local = local
        self._name = name
        self._held = held
        self._times = times
        self._epoch = epoch
        self._entry = entry

    def asked_at(self) -> float:
        """The store's time of the question, in Unix seconds: what is computed from now on was created then."""
        seconds, microseconds = self._times.value
        return int(seconds) + int(microseconds) / 1e6

    @property
    def likely(self) -> bool:
        """Whether this process holds the entry, so that only a clear or its age can still make it a miss."""
        return self._held is not None

    def since(self) -> Since:
        """What a computation that starts now must tell when its value is kept."""
        return Since(self.asked_at(), self._epoch.value is not None)

    def found(self) -> Hit | None:
        """The entry, if it is neither expired nor older than its namespace's last clear."""
        now = self.asked_at()
        entry, level = self._held, "memory"
        if entry is None and self._entry is not None and self._entry.value is not None:
            entry, level = unpack(self._entry.value), "redis"
        if entry is None or not self._fresh(entry, now):
            self._local.delete(self._name)
            return None
        if level == "redis":
            self._local.set(self._name, entry)
        return Hit(entry.payload, max(0.0, now - entry.created), level)

    def _fresh(self, entry: Envelope, now: float) -> bool:
        epoch = self._epoch.value
        return epoch is not None and now < entry.hard and entry.created > float(epoch)


def _name(namespace: str, key: str) -> str:
    return f"bs:{{{namespace}}}:{key}"


def _epoch(namespace: str) -> str:
    return _name(namespace, "@epoch")
