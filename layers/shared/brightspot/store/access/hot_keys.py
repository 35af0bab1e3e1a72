"""Partition keys that take many of a table's calls: one partition bears 3,000 reads or 1,000 writes a second.

Only counts leave this place, never a key, nor anything made of one: keys are addresses.
"""

import threading
from collections.abc import Hashable
from typing import Final

import msgspec

from brightspot.core.clock import Clock
from brightspot.store.access.heavy_hitters import HeavyHitters

HOT_SHARE: Final = 0.2  # more than one of eight shards takes of calls spread evenly
HOT_CALLS: Final = 100  # in a minute, by one of many processes
_COUNTERS: Final = 32
_MINUTE: Final = 60.0


class Heat(msgspec.Struct, frozen=True):
    """A hot key: its calls in this minute and their share of the table's. `first` when it has become so just now."""

    calls: int
    share: float
    first: bool


class HotKeys:
    """Of each table, as this process has used it in the running minute. Safe to share between threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ends = 0.0
        self._tables: dict[str, HeavyHitters[int]] = {}
        self._told: set[tuple[str, int]] = set()

    def note(self, table: str, key: Hashable) -> Heat | None:
        """Count a call for a partition key; whether that key is hot, by what is certain of it."""
        with self._lock:
            if self._clock.monotonic() >= self._ends:
                self._ends = self._clock.monotonic() + _MINUTE
                self._tables, self._told = {}, set()
            hashed = hash(key)
            keys = self._tables.setdefault(table, HeavyHitters(_COUNTERS))
            calls = keys.add(hashed).least
            if calls < HOT_CALLS or calls < HOT_SHARE * keys.arrivals:
                return None
            first = (table, hashed) not in self._told
            self._told.add((table, hashed))
            return Heat(calls, calls / keys.arrivals, first)
