"""The first level: envelopes in this process, least recently used out first, bounded by items and bytes."""

import threading
from collections import OrderedDict

from brightspot.cache.envelope import Envelope


class LocalLevel:
    """Safe to share between threads. A value larger than `max_bytes` is not kept."""

    def __init__(self, *, max_items: int = 1000, max_bytes: int = 100 * 1024 * 1024) -> None:
        self._max_items = max_items
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[str, Envelope] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Envelope | None:
        """What is kept, however old: the caller judges its times."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def set(self, key: str, entry: Envelope) -> None:
        with self._lock:
            self._remove(key)
            if len(entry.payload) > self._max_bytes:
                return
            self._entries[key] = entry
            self._bytes += len(entry.payload)
            while len(self._entries) > self._max_items or self._bytes > self._max_bytes:
                self._remove(next(iter(self._entries)))

    def delete(self, key: str) -> bool:
        with self._lock:
            return self._remove(key)

    def clear(self, prefix: str, tag: str | None = None) -> int:
        """Drop every key that starts with `prefix`, or of these the ones with a tag; how many there were."""
        with self._lock:
            chosen = [
                key
                for key, entry in self._entries.items()
                if key.startswith(prefix) and (tag is None or tag in entry.tags)
            ]
            return sum(self._remove(key) for key in chosen)

    def stats(self, prefix: str = "") -> dict[str, int]:
        """Items and payload bytes held now under keys that start with `prefix`."""
        with self._lock:
            chosen = [entry for key, entry in self._entries.items() if key.startswith(prefix)]
            return {"items": len(chosen), "bytes": sum(len(entry.payload) for entry in chosen)}

    def _remove(self, key: str) -> bool:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= len(entry.payload)
        return entry is not None
