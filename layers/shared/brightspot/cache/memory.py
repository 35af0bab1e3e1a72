"""A cache in this process: least recently used out first, bounded by items and bytes."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from brightspot.cache.seam import Cached
from brightspot.core.clock import Clock


@dataclass(frozen=True, slots=True)
class _Entry:
    value: bytes
    stored_at: float
    expires_at: float


class MemoryCache:
    """Satisfies `Cache`; safe to share between threads. A value larger than `max_bytes` is not kept."""

    backend = "in-memory"

    def __init__(self, clock: Clock, *, max_items: int = 1000, max_bytes: int = 32 * 1024 * 1024) -> None:
        self._clock = clock
        self._max_items = max_items
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Cached | None:
        now = self._clock.monotonic()
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if entry.expires_at <= now:
                self._remove(key)
                return None
            self._entries.move_to_end(key)
            return Cached(entry.value, now - entry.stored_at)

    def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        now = self._clock.monotonic()
        with self._lock:
            self._remove(key)
            if len(value) > self._max_bytes or ttl_seconds <= 0:
                return
            self._entries[key] = _Entry(value, now, now + ttl_seconds)
            self._bytes += len(value)
            while len(self._entries) > self._max_items or self._bytes > self._max_bytes:
                self._remove(next(iter(self._entries)))

    def delete(self, key: str) -> bool:
        with self._lock:
            return self._remove(key)

    def stats(self) -> dict[str, int]:
        """Items and bytes held now."""
        with self._lock:
            return {"items": len(self._entries), "bytes": self._bytes}

    def _remove(self, key: str) -> bool:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= len(entry.value)
        return entry is not None
