"""Levels: this process over the shared store over an optional table, coherent by epochs that travel with requests."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, Final

from brightspot.cache.below import Below, ThirdLevel
from brightspot.cache.envelope import Envelope, is_tag
from brightspot.cache.figures import Figures, Tally
from brightspot.cache.local import LocalLevel
from brightspot.cache.lookup import Hit, Lookup, Moment, Since
from brightspot.cache.names import names_of, namespace_in
from brightspot.cache.seal import Seal
from brightspot.cache.shelves import Shelves
from brightspot.core.clock import Clock
from brightspot.telemetry import span
from brightspot.valkey import Script, StoreUnavailable, Trip, Valkey

MOVE_EPOCH: Final = Script.beside(__file__, "move_epoch.lua")
MOVE_TAG_EPOCH: Final = Script.beside(__file__, "move_tag_epoch.lua")
LOCAL_ONLY_SECONDS = 30.0
_MOST_TAGS: Final = 64  # with an epoch of their own: every question brings them along
_COUNT_SECONDS: Final = 5.0
Watcher = Callable[[str, str | None], None]
_log = logging.getLogger(__name__)


class TieredCache:
    """Bytes by namespace and key. A miss is None; an outage of the shared store is never an error to callers.

    An entry's `created` is the store's time read before its value was computed. Clearing a namespace, or a tag in it,
    moves an epoch to the store's time, and an entry created before an epoch that it is under is stale at every level
    of every instance, also one whose computation began before the clear and ended after it. A namespace without an
    epoch has lost its memory (the store came back empty), so what processes hold of it is not trusted either; the next
    write sets one. While the store is away, what this process holds serves for 30 seconds at most.
    """

    def __init__(
        self,
        valkey: Valkey | None,
        clock: Clock,
        local: LocalLevel,
        seal: Seal | None = None,
        third: ThirdLevel | None = None,
    ) -> None:
        self._valkey = valkey
        self._clock = clock
        self._local = local
        local.on_eviction(lambda name: self._tally(namespace_in(name)).evicted())
        self.below = Below(seal or Seal(), valkey, third)
        self._tallies: dict[str, Tally] = {}
        self._watchers: list[Watcher] = []

    def ask(self, trip: Trip, namespace: str, key: str) -> Lookup:
        """Put the question for one entry on a trip; read it by `Lookup.found` after the trip."""
        return self._ask(trip, namespace, [key])[0]

    def held(self, namespace: str, key: str) -> Hit | None:
        """What this process alone has, for when the store is away or there is none."""
        entry = self._local.get(_name(namespace, key))
        now = self._clock.now().timestamp()
        hit = None if entry is None else self._still_good(entry, now)
        level = "memory" if hit is not None else None
        self._tally(namespace).found(
            level, held=entry is not None, stale=entry is not None and hit is None, shared=False
        )
        return hit

    def keep(
        self,
        trip: Trip | None,
        namespace: str,
        key: str,
        value: bytes,
        ttl_seconds: float,
        *,
        since: Since | None,
        tags: Sequence[str] = (),
        compress: bool = True,
    ) -> None:
        """Keep a value here and, on the trip, in the store. `since` is told by the lookup that missed it.

        Without `compress` the value stays as it is, so that a process can read it before it has loaded zstd.
        """
        if ttl_seconds <= 0:
            return
        created = self._clock.now().timestamp() if since is None else since.time
        entry = Envelope(created, created + ttl_seconds, created + ttl_seconds, tuple(tags), value)
        name, tally = _name(namespace, key), self._tally(namespace)
        if trip is None:
            entry.head()  # its tags are looked at all the same
            self._local.set(name, entry)
            return
        packed = self.below.packed(name, entry, compress=compress)
        self._local.set(name, entry)
        tally.kept(len(value), packed.saved)
        tally.settle(trip)
        if since is not None and not since.epoch_known:
            trip.add("SET", names_of(namespace).epochs, f"{created - 1e-6:.6f}", "NX")
        trip.add("SET", name, packed.data, "PX", round(ttl_seconds * 1000))
        self.below.keep(name, packed.data, entry.hard)

    def get(self, namespace: str, key: str) -> tuple[Hit | None, Since | None]:
        """One entry in a round trip of its own, with what a later `put` must know."""
        if self._valkey is None:
            return self.held(namespace, key), None
        trip = self._valkey.trip()
        lookup = self.ask(trip, namespace, key)
        try:
            with span("cache lookup", "client", namespace=namespace):
                trip.run()
                return lookup.found(), lookup.since()
        except StoreUnavailable:
            return self.held(namespace, key), None

    def get_many(self, namespace: str, keys: Sequence[str]) -> list[Hit | None]:
        """Several entries in one round trip, in the order of `keys`; some missing, a second one counts them.

        The third level is asked for 100 of these at a time.
        """
        if self._valkey is not None:
            trip = self._valkey.trip()
            lookups = self._ask(trip, namespace, keys)
            try:
                with span("cache lookup", "client", namespace=namespace, keys=len(keys)):
                    trip.run()
                told = self.below.told_many([each.name for each in lookups if each.sought_below])
                found = [each.found_with(told) for each in lookups]
                self.tell_misses(namespace)
            except StoreUnavailable as error:
                _log.warning("cache_unanswered", extra={"namespace": namespace, "reason": str(error)})
            else:
                return found
        return [self.held(namespace, key) for key in keys]

    def put(
        self,
        namespace: str,
        key: str,
        value: bytes,
        ttl_seconds: float,
        *,
        since: Since | None,
        tags: Sequence[str] = (),
        compress: bool = True,
    ) -> None:
        """Keep one entry in a round trip of its own; without the store, here alone."""
        trip = self._valkey.trip() if self._valkey is not None else None
        self.keep(trip, namespace, key, value, ttl_seconds, since=since, tags=tags, compress=compress)
        if trip is None:
            return
        try:
            trip.run()
        except StoreUnavailable as error:
            _log.debug("cache_not_shared", extra={"namespace": namespace, "reason": str(error)})

    def clear(self, namespace: str, tag: str | None = None) -> int:
        """Make every entry of a namespace, or those with a tag, stale everywhere, then remove them; how many went.

        Raises StoreUnavailable when the shared store cannot be told: what cannot be cleared everywhere is not called
        cleared. ValueError is for what cannot be a tag.
        """
        if tag is not None and not is_tag(tag):
            raise ValueError(f"{tag!r} cannot be a tag")
        here = self._local.clear(names_of(namespace).prefix, tag)
        if self._valkey is None:
            self._tell_watchers(namespace, tag)
            return here
        known = self._move_epoch(self._valkey, namespace, tag)
        self._tell_watchers(namespace, tag)
        return Shelves(self._valkey, namespace).remove(tag) if known else 0

    def expire(self, namespace: str, tag: str | None = None) -> None:
        """As `clear`, but nothing is removed: who asks for stale entries still finds them."""
        if tag is not None and not is_tag(tag):
            raise ValueError(f"{tag!r} cannot be a tag")
        self._local.clear(names_of(namespace).prefix, tag)
        if self._valkey is not None:
            self._move_epoch(self._valkey, namespace, tag)

    def figures(self, namespaces: Sequence[str]) -> dict[str, Figures] | None:
        """What each namespace holds, counted in the store, and how often all instances asked; None without a store.

        A question under way counts as a hit until it is answered. Counting ends after 5 seconds, complete or not.
        Raises StoreUnavailable.
        """
        if self._valkey is None:
            return None
        valkey, end = self._valkey, self._clock.monotonic() + _COUNT_SECONDS
        return {each: Shelves(valkey, each).figures(lambda: self._clock.monotonic() >= end) for each in namespaces}

    def figures_here(self, namespaces: Sequence[str]) -> dict[str, Figures]:
        """What this process holds, and how often it asked."""
        return {each: self._here(each) for each in namespaces}

    def state(self) -> dict[str, Any]:
        """Which store serves and what this process holds. Asks the store; raises StoreUnavailable."""
        if self._valkey is not None:
            self._valkey.call("PING")
        return {"backend": "in-memory" if self._valkey is None else "redis", **self._local.stats()}

    def _ask(self, trip: Trip, namespace: str, keys: Sequence[str]) -> list[Lookup]:
        names, tally = names_of(namespace), self._tally(namespace)
        moment = Moment(trip, names)
        lookups = [
            Lookup(trip, moment, self._local, self.below, tally=tally, name=f"{names.prefix}{key}") for key in keys
        ]
        tally.asking(trip, len(keys), sum(not each.likely for each in lookups))
        return lookups

    def tell_misses(self, namespace: str) -> None:
        """At once, where a value that is missed is not kept by who missed it. Raises StoreUnavailable."""
        if self._valkey is not None:
            trip = self._valkey.trip()
            self._tally(namespace).settle(trip)
            trip.run()

    def on_clear(self, watcher: Watcher) -> None:
        """Have a watcher told of every namespace, and the tag in it, that this process clears."""
        self._watchers.append(watcher)

    def tally(self, namespace: str) -> Tally:
        """Where questions for a namespace are counted."""
        return self._tally(namespace)

    def _tell_watchers(self, namespace: str, tag: str | None) -> None:
        for watcher in self._watchers:
            watcher(namespace, tag)

    def _move_epoch(self, valkey: Valkey, namespace: str, tag: str | None) -> bool:
        """Whether there was an epoch before."""
        script, arguments = (MOVE_EPOCH, []) if tag is None else (MOVE_TAG_EPOCH, [tag, _MOST_TAGS])
        return bool(valkey.run(script, [names_of(namespace).epochs], arguments))

    def _tally(self, namespace: str) -> Tally:
        known = self._tallies.get(namespace)
        return self._tallies.setdefault(namespace, Tally(names_of(namespace).figures)) if known is None else known

    def _here(self, namespace: str) -> Figures:
        held, tally = self._local.stats(names_of(namespace).prefix), self._tally(namespace)
        return tally.here(held["items"], held["bytes"])

    def _still_good(self, entry: Envelope, now: float) -> Hit | None:
        age = now - entry.created
        limit = entry.hard - entry.created if self._valkey is None else LOCAL_ONLY_SECONDS
        return Hit(entry.payload, max(0.0, age), "memory") if age < limit and now < entry.hard else None


def _name(namespace: str, key: str) -> str:
    return f"{names_of(namespace).prefix}{key}"
