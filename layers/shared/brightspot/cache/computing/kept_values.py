"""Values that callers keep and look for themselves by key, in the levels that computed values have."""

from contextlib import suppress
from typing import Any, Literal, NamedTuple

from brightspot.cache.computing.computation import Computation
from brightspot.cache.computing.computed import ComputedCache
from brightspot.cache.computing.computed_value import VALUE, JsonCodec
from brightspot.cache.computing.copies import Copy
from brightspot.cache.computing.leases import Place
from brightspot.cache.computing.options import Options
from brightspot.cache.computing.resolution import Resolution
from brightspot.valkey import StoreUnavailable

_JSON = JsonCodec()
Level = Literal["memory", "redis", "dynamodb"]


class KeptValue(NamedTuple):
    """What was found: since when it is kept and for how long it still is, in seconds, and which level had it."""

    value: Any
    age_seconds: float
    ttl_seconds: float
    level: Level


class KeptValues:
    """Of one namespace, whose other values may be computed: what loaders of it made is found here too.

    Values are what JSON can say. Keys are ASCII. Safe to share between threads.
    """

    def __init__(self, cache: ComputedCache, namespace: str, *, l1_seconds: float, longest: float) -> None:
        """A process serves what it holds for `l1_seconds` without asking the store; no value lives over `longest`."""
        self._cache = cache
        self._namespace = namespace
        self._looking = Options(ttl=longest, window=0, l1_seconds=l1_seconds)
        cache.count_popularity(namespace)

    def get(self, key: str) -> KeptValue | None:
        """The value of a key, None when there is none that is still good; nothing is computed. An outage is a miss."""
        held, shelf = self._cache.held, self._cache.shelf(self._namespace)
        place = self._cache.place(self._namespace, key, self._looking)
        copy = held.glance(shelf, place.name, self._looking)
        if copy is not None:
            return self._told(copy, "memory")
        had = held.copies.get(place.name)
        copy, reachable = Resolution(held, shelf, place, None).look(had)
        level: Level = "redis" if reachable else "memory"
        if copy is None and reachable:
            copy, level = self._lifted(place), "dynamodb"
        now = held.now()
        if copy is None or copy.kind != VALUE or not copy.is_fresh(now):
            self._tell_miss(reachable=reachable)
            return None
        if level == "dynamodb":
            shelf.tally.lifted()
        if reachable:
            held.hold(shelf, place.name, copy, self._looking, now, vouched=True)
        return self._told(copy, level)

    def set(self, key: str, value: Any, ttl_seconds: float, tags: tuple[str, ...] = ()) -> int:
        """Keep a value over whatever there is, or is being computed; how many bytes it has as JSON.

        Raises StoreUnavailable when the shared store cannot be told, and ValueError for what cannot be a tag.
        """
        held, shelf = self._cache.held, self._cache.shelf(self._namespace)
        options = Options(ttl=ttl_seconds, window=0, tags=tags, l1_seconds=self._looking.l1_seconds)
        place = self._cache.place(self._namespace, key, options)
        lease = place.take("seize") if place.valkey is not None else None
        now = held.now()
        copy = Copy(VALUE, value, _JSON.encode(value), now, now + ttl_seconds, now + ttl_seconds, 0.0, ttl_seconds, now)
        if lease is None or place.keep(lease, copy, shelf.tally.kept):
            held.hold(shelf, place.name, copy, options, held.now(), vouched=True)
        else:
            held.copies.drop(place.name)  # somebody kept another one meanwhile
        return len(copy.data)

    def delete(self, key: str) -> bool:
        """Remove a value, and refuse what others began to compute before; whether there was one.

        Raises StoreUnavailable.
        """
        return self._cache.forget(self._namespace, key, self._looking)

    def _lifted(self, place: Place) -> Copy | None:
        """What the third level has, taken up under a lease, so that it replaces nothing newer."""
        if not place.below.goes_deeper:
            return None
        try:
            lease = place.take("heed")
        except StoreUnavailable:
            return None
        copy = place.lift(lease) if lease.token else None
        if copy is None:
            Computation.give_up(place, lease)
        return copy

    def _tell_miss(self, *, reachable: bool) -> None:
        """At once: whoever missed it need not come back."""
        if reachable:
            with suppress(StoreUnavailable):
                self._cache.tell_misses(self._namespace)

    def _told(self, copy: Copy, level: Level) -> KeptValue:
        now = self._cache.held.now()
        return KeptValue(copy.value, max(0.0, now - copy.created), max(0.0, copy.soft - now), level)
