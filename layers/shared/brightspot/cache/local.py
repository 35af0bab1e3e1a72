"""The first level: envelopes in this process, bounded by items and bytes, the least wanted out first by SIEVE.

SIEVE: Zhang, Yang, Yue, Vigfusson, Rashmi, "SIEVE is Simpler than LRU: an Efficient Turn-Key Eviction Algorithm for
Web Caches", NSDI 2024. Entries queue in the order they came. A hit marks its entry and moves nothing. To make room, a
hand goes from the old end to the new one, takes the marks off and puts out the first entry without a mark; there it
stays for the next time. So entries that were asked for once leave soon, and a scan drives out itself.
"""

import threading
from collections.abc import Callable
from sys import getsizeof
from typing import Final

from brightspot.cache.envelope import Envelope

_SLOT: Final = 40  # bytes of the table of names for each, as it is filled in the mean; measured


class _Node:
    """An entry's place in the queue."""

    __slots__ = ("entry", "key", "newer", "older", "size", "visited")

    def __init__(self, key: str, entry: Envelope, older: "_Node | None") -> None:
        self.key = key
        self.entry = entry
        self.size = 0
        self.visited = False
        self.older = older
        self.newer: _Node | None = None


class LocalLevel:
    """Safe to share between threads. A value larger than `max_bytes` is not kept.

    Bytes are all that an entry takes of this process: name, value, tags, and the objects around them.
    """

    def __init__(self, *, max_items: int = 1000, max_bytes: int = 100 * 1024 * 1024) -> None:
        self._max_items = max_items
        self._max_bytes = max_bytes
        self._bytes = 0
        self._nodes: dict[str, _Node] = {}
        self._oldest: _Node | None = None
        self._newest: _Node | None = None
        self._hand: _Node | None = None  # None: at the oldest
        self._lock = threading.Lock()
        self._watcher: Callable[[str], None] | None = None

    def on_eviction(self, watcher: Callable[[str], None]) -> None:
        """Have somebody told the name of every entry that has to go for want of room."""
        self._watcher = watcher

    def get(self, key: str) -> Envelope | None:
        """What is kept, however old: the caller judges its times."""
        node = self._nodes.get(key)  # without the lock: one step of the interpreter, as the mark is
        if node is None:
            return None
        node.visited = True
        return node.entry

    def set(self, key: str, entry: Envelope) -> None:
        """Keep an entry. One of that name is replaced where it stands, and counts as asked for."""
        size = size_of(key, entry)
        with self._lock:
            if size > self._max_bytes or self._max_items < 1:
                self._remove(key)
                return
            node = self._nodes.get(key)
            if node is None:
                self._make_room(1, size)
                self._append(key, entry, size)
                return
            self._bytes += size - node.size
            node.entry, node.size, node.visited = entry, size, True
            self._make_room(0, 0)

    def delete(self, key: str) -> bool:
        with self._lock:
            return self._remove(key)

    def clear(self, prefix: str, tag: str | None = None) -> int:
        """Drop every key that starts with `prefix`, or of these the ones with a tag; how many there were."""
        with self._lock:
            chosen = [
                key
                for key, node in self._nodes.items()
                if key.startswith(prefix) and (tag is None or tag in node.entry.tags)
            ]
            return sum(self._remove(key) for key in chosen)

    def stats(self, prefix: str = "") -> dict[str, int]:
        """Items held now under keys that start with `prefix`, and the bytes they take."""
        with self._lock:
            chosen = [node.size for key, node in self._nodes.items() if key.startswith(prefix)]
            return {"items": len(chosen), "bytes": sum(chosen)}

    def _make_room(self, items: int, size: int) -> None:
        while self._nodes and (len(self._nodes) + items > self._max_items or self._bytes + size > self._max_bytes):
            node = self._hand or self._oldest
            while node is not None and node.visited:
                node.visited = False
                node = node.newer or self._oldest
            if node is not None:
                self._hand = node
                self._remove(node.key)
                if self._watcher is not None:
                    self._watcher(node.key)

    def _append(self, key: str, entry: Envelope, size: int) -> None:
        node = _Node(key, entry, self._newest)
        node.size = size
        if self._newest is None:
            self._oldest = node
        else:
            self._newest.newer = node
        self._newest = node
        self._nodes[key] = node
        self._bytes += size

    def _remove(self, key: str) -> bool:
        node = self._nodes.pop(key, None)
        if node is None:
            return False
        self._bytes -= node.size
        if self._hand is node:
            self._hand = node.newer
        if node.older is None:
            self._oldest = node.newer
        else:
            node.older.newer = node.newer
        if node.newer is None:
            self._newest = node.older
        else:
            node.newer.older = node.older
        node.older = node.newer = None
        return True


def size_of(key: str, entry: Envelope) -> int:
    """Bytes that this process spends on an entry."""
    return _EACH + getsizeof(key) + len(entry.payload) + len(entry.tags) * _TAG + sum(map(len, entry.tags))


_EMPTY: Final = Envelope(0.0, 0.0, 0.0, (), b"")
_TAG: Final = getsizeof("") + getsizeof(("",)) - getsizeof(())
_EACH: Final = sum(map(getsizeof, (_EMPTY, b"", (), 0.5, 0.5, 0.5, _Node("", _EMPTY, None)))) + _SLOT
