"""Computed values that this process holds, decoded: what a hit without a round trip returns."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from brightspot.cache.computing.computed_value import ERROR, VALUE

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Copy:
    """One value, or the error that it came to; times are Unix seconds by this process's clock.

    `data` is what the codec made of it. `checked` is when it was last held beside what the store knows, `cleared`
    whether it was older then than a clear of its namespace or of a tag. Until `vouched_until` the store need not be
    asked; until `quiet_until` nothing needs to be drawn either.
    """

    kind: int
    value: Any
    data: bytes
    created: float
    soft: float
    hard: float
    delta: float
    ttl: float
    checked: float
    cleared: bool = False
    tags: tuple[str, ...] = ()
    vouched_until: float = 0.0
    quiet_until: datetime = LONG_AGO
    generation: int = -1
    hits: int = 0
    seen: bool = False

    def is_fresh(self, now: float) -> bool:
        return now < self.soft and not self.cleared

    def may_revalidate(self, now: float, seconds: float) -> bool:
        """Whether it is good enough while somebody else computes: never once it was cleared."""
        return not self.cleared and self.kind == VALUE and now < min(self.soft + seconds, self.hard)

    def may_replace_error(self, now: float, seconds: float) -> bool:
        """Whether it is better than an error: also when it was cleared, but no longer than it would have been kept."""
        return self.kind == VALUE and now < min(self.soft + seconds, self.hard)

    @property
    def is_error(self) -> bool:
        return self.kind == ERROR

    @property
    def is_negative(self) -> bool:
        """Whether it says that there is no value."""
        return self.kind == ERROR or self.value is None


class Copies:
    """Bounded by items and by bytes of `data`; safe to share between threads.

    First in, first out, but what was read since it came or was last passed over goes to the end instead (second
    chance): a hit sets a flag, and takes no lock.
    """

    def __init__(self, *, max_items: int, max_bytes: int) -> None:
        self._max_items = max_items
        self._max_bytes = max_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._watcher: Callable[[str], None] | None = None
        self.entries: dict[str, Copy] = {}  # read without the lock, by `get` alone

    def on_eviction(self, watcher: Callable[[str], None]) -> None:
        """Have somebody told the name of every copy that has to go for want of room."""
        self._watcher = watcher

    def get(self, name: str) -> Copy | None:
        copy = self.entries.get(name)
        if copy is not None:
            copy.seen = True
        return copy

    def set(self, name: str, copy: Copy) -> None:
        """Hold it in the place of what was there; what is larger than the whole is not held."""
        with self._lock:
            self._drop(name)
            if len(copy.data) > self._max_bytes or self._max_items < 1:
                return
            self.entries[name] = copy
            self._bytes += len(copy.data)
            while len(self.entries) > self._max_items or self._bytes > self._max_bytes:
                self._evict(name)

    def drop(self, name: str) -> None:
        with self._lock:
            self._drop(name)

    def clear(self, prefix: str, tag: str | None, *, keep: bool) -> None:
        """Drop what a namespace has here, or of that what has a tag; or `keep` it as cleared, to replace errors."""
        with self._lock:
            for name, copy in [*self.entries.items()]:
                if name.startswith(prefix) and (tag is None or tag in copy.tags):
                    copy.cleared = True
                    if not keep:
                        self._drop(name)

    def stats(self) -> dict[str, int]:
        with self._lock:
            return {"items": len(self.entries), "bytes": self._bytes}

    def _evict(self, newest: str) -> None:
        name = next(iter(self.entries))
        copy = self.entries[name]
        if copy.seen or (name == newest and len(self.entries) > 1):
            copy.seen = False
            self.entries[name] = self.entries.pop(name)
            return
        self._drop(name)
        if self._watcher is not None:
            self._watcher(name)

    def _drop(self, name: str) -> None:
        copy = self.entries.pop(name, None)
        if copy is not None:
            self._bytes -= len(copy.data)
