"""Values by namespace and key that are computed when they are missing: once, for all who ask."""

import time
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, NamedTuple

from brightspot.cache.computing.computed_value import VALUE, Codec, JsonCodec, unpack_error
from brightspot.cache.computing.copies import Copies, Copy
from brightspot.cache.computing.held import Held, Shelf
from brightspot.cache.computing.leases import Place
from brightspot.cache.computing.options import ComputeSettings, Options
from brightspot.cache.computing.outcome import Status
from brightspot.cache.computing.popularity import Popularity
from brightspot.cache.computing.resolution import Resolution
from brightspot.cache.computing.steps import drive, drive_async
from brightspot.cache.tiered import TieredCache
from brightspot.core.clock import Clock
from brightspot.resilience.deadline import Deadline
from brightspot.valkey import Valkey

_JSON = JsonCodec()


class Found(NamedTuple):
    """A value, how many seconds ago its making began, and whether it was fresh, computed now, or old."""

    value: Any
    age_seconds: float
    status: Status


class ComputedCache:
    """One per process. Safe to share between threads, and from any event loop.

    docs/cache-computing.md says what is promised, and what is not.
    """

    def __init__(
        self,
        cache: TieredCache,
        valkey: Valkey | None,
        clock: Clock,
        random: Random,
        *,
        settings: ComputeSettings | None = None,
        copies: Copies | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`cache` counts the questions and clears; `valkey` is its store, None for this process alone."""
        copies = copies or Copies(max_items=1000, max_bytes=100 * 1024 * 1024)
        self.held = Held(clock, random, settings or ComputeSettings(), copies, cache.tally)
        self._cache = cache
        self._valkey = valkey
        self._random = random
        self._sleep = sleep
        cache.on_clear(self._renew)

    def get(
        self,
        namespace: str,
        key: str,
        compute: Callable[[], Any],
        options: Options,
        *,
        codec: Codec = _JSON,
        deadline: Deadline | None = None,
    ) -> Found:
        """The value of a key, computed by `compute` when nobody has a good one.

        Raises what `compute` raises, unless an old value may stand in; a kept error of `negative_errors`; and
        ComputeTimedOut. `deadline` bounds waiting and computing. An outage of the store is no error.
        """
        shelf = self.held.shelf(namespace)
        copy = self.held.glance(shelf, shelf.names.prefix + key, options)
        if copy is not None:
            return self._found(copy, None, options, codec)
        outcome = drive(self._resolution(shelf, key, options, codec, deadline).steps(), compute, self._sleep)
        return self._found(outcome.copy, outcome.status, options, codec)

    async def get_async(
        self,
        namespace: str,
        key: str,
        compute: Callable[[], Awaitable[Any]],
        options: Options,
        *,
        codec: Codec = _JSON,
        deadline: Deadline | None = None,
    ) -> Found:
        """As `get`, for a coroutine function. A trip to the store blocks the loop, for 150 ms at the very most."""
        shelf = self.held.shelf(namespace)
        copy = self.held.glance(shelf, shelf.names.prefix + key, options)
        if copy is not None:
            return self._found(copy, None, options, codec)
        outcome = await drive_async(self._resolution(shelf, key, options, codec, deadline).steps(), compute)
        return self._found(outcome.copy, outcome.status, options, codec)

    def refresh(
        self, namespace: str, key: str, compute: Callable[[], Any], options: Options, *, codec: Codec = _JSON
    ) -> Found:
        """Compute now, whatever there is; what others began before is not kept. Raises what `compute` raises."""
        steps = self._resolution(self.shelf(namespace), key, options, codec, None, anew=True).steps()
        outcome = drive(steps, compute, self._sleep)
        return self._found(outcome.copy, outcome.status, options, codec)

    async def refresh_async(
        self, namespace: str, key: str, compute: Callable[[], Awaitable[Any]], options: Options, *, codec: Codec = _JSON
    ) -> Found:
        """As `refresh`, for a coroutine function."""
        steps = self._resolution(self.shelf(namespace), key, options, codec, None, anew=True).steps()
        outcome = await drive_async(steps, compute)
        return self._found(outcome.copy, outcome.status, options, codec)

    def forget(self, namespace: str, key: str, options: Options) -> bool:
        """Remove one entry, and let no computation that has begun write it again; whether the store had it.

        Other processes may serve their copy for as long as they need not ask (`l1_seconds`). Raises StoreUnavailable.
        """
        place = self.place(namespace, key, options)
        known = self.held.copies.get(place.name) is not None
        self.held.copies.drop(place.name)
        return place.forget() if self._valkey is not None else known

    def clear(self, namespace: str, tag: str | None = None) -> int:
        """As `TieredCache.clear`: every entry, or those with a tag; how many the store had."""
        return self._cache.clear(namespace, tag)

    def expire(self, namespace: str, tag: str | None = None) -> None:
        """As `clear`, but what is stale then is kept for `stale_if_error`. Raises StoreUnavailable."""
        self._cache.expire(namespace, tag)
        self._renew(namespace, tag, keep=True)

    def tell_misses(self, namespace: str) -> None:
        """Count the misses of a namespace in the store now, rather than with its next question.

        Raises StoreUnavailable.
        """
        self._cache.tell_misses(namespace)

    def count_popularity(self, namespace: str) -> None:
        """Count from now on which entries of a namespace are asked for."""
        shelf = self.shelf(namespace)
        if shelf.popularity is None:
            shelf.popularity = Popularity(shelf.names, self._random)

    def most_popular(self, namespace: str, count: int) -> list[str]:
        """The keys asked for most, the first one first; none without a store. Raises StoreUnavailable."""
        if self._valkey is None or count < 1:
            return []
        names = self.shelf(namespace).names
        return [key.decode() for key in self._valkey.call("ZRANGE", names.popular, 0, count - 1, "REV")]

    def shelf(self, namespace: str) -> Shelf:
        """What this process knows of a namespace."""
        return self.held.shelf(namespace)

    def place(self, namespace: str, key: str, options: Options) -> Place:
        """Where the store has the value of a key, as JSON."""
        return self._place(self.shelf(namespace), key, options, _JSON)

    def _shown(self, copy: Copy, options: Options, codec: Codec) -> Any:
        """The value of a copy for one caller. Raises the error that it is."""
        if copy.is_error:
            error = unpack_error(copy.data, options.negative_errors)
            error.add_note(f"kept {max(0.0, self.held.now() - copy.created):.1f} s ago")
            raise error
        return codec.decode(copy.data) if options.copy else copy.value

    def _found(self, copy: Copy, status: Status | None, options: Options, codec: Codec) -> Found:
        now = self.held.now()
        value = copy.value if copy.kind == VALUE and not options.copy else self._shown(copy, options, codec)
        told: Status = status or ("fresh" if copy.is_fresh(now) else "stale")
        return Found(value, max(0.0, now - copy.created), told)

    def _resolution(
        self, shelf: Shelf, key: str, options: Options, codec: Codec, deadline: Deadline | None, *, anew: bool = False
    ) -> Resolution:
        place = self._place(shelf, key, options, codec)
        return Resolution(self.held, shelf, place, deadline, anew)

    def _place(self, shelf: Shelf, key: str, options: Options, codec: Codec) -> Place:
        return Place(self._valkey, shelf.names, key, options, codec, self.held.now, self._cache.below)

    def _renew(self, namespace: str, tag: str | None, *, keep: bool = False) -> None:
        shelf = self.shelf(namespace)
        shelf.generation += 1
        self.held.copies.clear(shelf.names.prefix, tag, keep=keep)
