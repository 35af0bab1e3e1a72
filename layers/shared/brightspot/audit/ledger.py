"""Where an audit log is kept: what every place must do, and one in memory."""

import threading
from collections.abc import Iterator
from typing import Protocol

from brightspot.audit.checkpoint import Checkpoint
from brightspot.audit.entry import BEGINNING, Entry, Event, sealed


class Ledger(Protocol):
    """Streams of entries that only grow."""

    def append(self, stream: str, event: Event) -> Entry:
        """Add an event at the end of a stream. Two who do so at a time get places one after the other."""
        ...

    def entries(self, stream: str, after: int = 0) -> Iterator[Entry]:
        """The entries with a number above `after`, in their order."""
        ...

    def newest(self, stream: str, below: int | None = None) -> Iterator[Entry]:
        """The entries with a number under `below`, newest first."""
        ...

    def checkpoints(self, stream: str) -> Iterator[Checkpoint]:
        """All checkpoints of a stream, in their order."""
        ...

    def last_checkpoint(self, stream: str) -> Checkpoint | None:
        """The newest checkpoint of a stream; None when there is none."""
        ...

    def keep(self, checkpoint: Checkpoint) -> bool:
        """Keep a checkpoint; False when there is one of its number already."""
        ...


class MemoryLedger:
    """Of this process alone, where there is no table. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[str, list[Entry]] = {}
        self._checkpoints: dict[str, list[Checkpoint]] = {}

    def append(self, stream: str, event: Event) -> Entry:
        with self._lock:
            kept = self._entries.setdefault(stream, [])
            entry = sealed(stream, len(kept) + 1, kept[-1].hash if kept else BEGINNING, event)
            kept.append(entry)
            return entry

    def entries(self, stream: str, after: int = 0) -> Iterator[Entry]:
        yield from self._entries.get(stream, [])[after:]

    def newest(self, stream: str, below: int | None = None) -> Iterator[Entry]:
        kept = self._entries.get(stream, [])
        yield from reversed(kept if below is None else kept[: max(0, below - 1)])

    def checkpoints(self, stream: str) -> Iterator[Checkpoint]:
        yield from self._checkpoints.get(stream, [])

    def last_checkpoint(self, stream: str) -> Checkpoint | None:
        return next(reversed(self._checkpoints.get(stream, [])), None)

    def keep(self, checkpoint: Checkpoint) -> bool:
        with self._lock:
            kept = self._checkpoints.setdefault(checkpoint.statement.stream, [])
            if checkpoint.statement.number != len(kept) + 1:
                return False
            kept.append(checkpoint)
            return True
