"""What a namespace of the cache holds and how often it had what was asked for."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

import msgspec

from brightspot.valkey import Trip

COUNTS: Final = ("held", "misses", "sought", "lost", "dynamodb", "stale", "saved", "kept", "evicted")


class Figures(msgspec.Struct, frozen=True):
    """`size` is bytes: names and values as they are kept. Not `complete`: there was no time to count all entries.

    `hits` are those of `memory`, `redis` and `dynamodb` together. `stale` are the misses for which an entry was there,
    but expired or cleared. `saved` are the bytes by which compressing made smaller the `kept` bytes of values.
    `evicted` is how often a process let go of an entry for want of room.
    """

    items: int
    size: int
    hits: int
    misses: int
    complete: bool = True
    memory: int = 0
    redis: int = 0
    dynamodb: int = 0
    stale: int = 0
    saved: int = 0
    kept: int = 0
    evicted: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int], items: int, size: int, *, complete: bool = True) -> Self:
        """Of what was counted, by `COUNTS`; where a part of that was lost in an outage, no figure is below 0."""
        held, misses, sought, lost, dynamodb, *rest = (max(0, counts.get(each, 0)) for each in COUNTS)
        memory, redis = max(0, held - lost), max(0, sought - (misses - lost) - dynamodb)
        hits = max(0, held + sought - misses)
        return cls(items, size, hits, misses, complete, memory, redis, dynamodb, *rest)


def total(figures: Sequence[Figures]) -> Figures:
    """All of them together."""
    names = (name for name in Figures.__struct_fields__ if name != "complete")
    added: dict[str, Any] = {name: sum(getattr(each, name) for each in figures) for name in names}
    return Figures(complete=all(each.complete for each in figures), **added)


class Tally:
    """What is counted of one namespace: of this process, and in the store of all. Safe to share between threads.

    A question counts there as a hit when it travels, since nothing more has to travel then. That it was none is told
    with the next trip, which for a miss is the one that keeps the new value. Counted are questions for what this
    process `held` and those that `sought` the entry in the store, which are all; the `misses` among them; those whose
    entry was held and `lost`; hits of `dynamodb`; entries that were `stale`; bytes that were `kept`, and of these those
    `saved`; entries `evicted` from processes.
    """

    def __init__(self, key: str) -> None:
        """`key` is where the store counts."""
        self._key = key
        self._here: Counter[str] = Counter()
        self._untold: Counter[str] = Counter()
        self._lock = threading.Lock()

    def asking(self, trip: Trip, questions: int, sought: int) -> None:
        """Count questions on the trip they are on, and what is still to be told of earlier ones."""
        if questions > sought:
            trip.add("HINCRBY", self._key, "held", questions - sought)
        if sought:
            trip.add("HINCRBY", self._key, "sought", sought)
        self.settle(trip)

    def settle(self, trip: Trip) -> None:
        """Tell on a trip what is still to be told; should it fail, that is lost, as much else is in an outage."""
        if not self._untold:
            return
        with self._lock:
            untold, self._untold = self._untold, Counter()
        for name, number in untold.items():
            trip.add("HINCRBY", self._key, name, number)

    def found(self, level: str | None, *, held: bool, stale: bool = False, shared: bool = True) -> None:
        """What came of a question: the level that had it, None for a miss. `shared`: the store counts it."""
        with self._lock:
            self._here["held" if held else "sought"] += 1
            if level in {"memory", "redis"}:
                return
            came = {"dynamodb": 1} if level is not None else {"misses": 1, "lost": int(held), "stale": int(stale)}
            self._note(came, shared=shared)

    def served(self, hits: int) -> None:
        """Hits of this process that nobody was asked about at the time; the store counts them by `asking`."""
        with self._lock:
            self._here["held"] += hits

    def lifted(self) -> None:
        """A question that was said to be a miss, and that the third level then had the answer to."""
        with self._lock:
            self._note({"misses": -1, "dynamodb": 1}, shared=True)

    def kept(self, size: int, saved: int) -> None:
        """An entry of so many bytes, of which compressing saved some."""
        with self._lock:
            self._note({"kept": size, "saved": saved}, shared=True)

    def evicted(self) -> None:
        """An entry that this process had no room for any more."""
        with self._lock:
            self._note({"evicted": 1}, shared=True)

    def unused(self, *, held: bool) -> None:
        """A question that was counted in the store, and should not have been."""
        with self._lock:
            self._untold["held" if held else "sought"] -= 1

    def here(self, items: int, size: int) -> Figures:
        """What this process counted, beside what it holds."""
        return Figures.of(self._here, items, size)

    def _note(self, counts: Mapping[str, int], *, shared: bool) -> None:
        told = {name: number for name, number in counts.items() if number}
        self._here.update(told)
        if shared:
            self._untold.update(told)
