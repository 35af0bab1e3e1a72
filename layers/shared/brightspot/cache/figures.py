"""What a namespace of the cache holds and how often it had what was asked for."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from brightspot.valkey import Trip


@dataclass(frozen=True, slots=True)
class Figures:
    """`size` is bytes: names and values as they are kept. Not `complete`: there was no time to count all entries."""

    items: int
    size: int
    hits: int
    misses: int
    complete: bool = True


def total(figures: Sequence[Figures]) -> Figures:
    """All of them together."""
    return Figures(
        items=sum(each.items for each in figures),
        size=sum(each.size for each in figures),
        hits=sum(each.hits for each in figures),
        misses=sum(each.misses for each in figures),
        complete=all(each.complete for each in figures),
    )


class Tally:
    """Hits and misses of one namespace: of this process, and in the store those of all. Safe to share between threads.

    A question counts there as a hit when it travels, since nothing more has to travel then. That it was none is told
    with the next trip, which for a miss is the one that keeps the new value.
    """

    def __init__(self, key: str) -> None:
        """`key` is where the store counts."""
        self.hits = self.misses = 0
        self._key = key
        self._missed = self._unused = 0
        self._lock = threading.Lock()

    def asking(self, trip: Trip, questions: int) -> None:
        """Count questions on the trip they are on, and what is still to be told of earlier ones."""
        trip.add("HINCRBY", self._key, "asked", questions)
        self.settle(trip)

    def settle(self, trip: Trip) -> None:
        """Tell on a trip what is still to be told; should it fail, that is lost, as much else is in an outage."""
        if not (self._missed or self._unused):
            return
        with self._lock:
            missed, unused = self._missed, self._unused
            self._missed = self._unused = 0
        if missed:
            trip.add("HINCRBY", self._key, "misses", missed)
        if unused:
            trip.add("HINCRBY", self._key, "asked", -unused)

    def found(self, *, hit: bool, shared: bool) -> None:
        """What came of a question; `shared` when it was counted in the store."""
        with self._lock:
            if hit:
                self.hits += 1
                return
            self.misses += 1
            self._missed += shared

    def unused(self) -> None:
        """A question that was counted in the store, and should not have been."""
        with self._lock:
            self._unused += 1
