"""Where batches are gathered: the seam, and its in-memory form for a process that has no table."""

import threading
from collections.abc import Mapping
from typing import Protocol

from brightspot.core.clock import Clock
from brightspot.locations.batches.shapes import Batch, BatchItem, Claim, Found

_KEPT = 100


class Batches(Protocol):
    """Remembers batches until they expire. An answer, once written, never changes.

    Everything may be done twice, by two at once, late and in any order. Every method raises TableUnavailable.
    """

    def claim(self, claim: Claim) -> Claim:
        """The claim that holds for this key: this one, unless an earlier one has not expired."""
        ...

    def create(self, batch: Batch, found: Mapping[int, Found]) -> bool:
        """Remember a batch and what is known of it already; False when a batch with its id is there."""
        ...

    def finish(self, item: BatchItem, found: Found) -> bool:
        """Write the answer of a slot; False when it has one, which stays."""
        ...

    def answered(self, batch_id: str) -> frozenset[int]:
        """The slots that have an answer, as of a moment ago."""
        ...

    def read(self, batch_id: str) -> tuple[Batch, Mapping[int, Found]] | None:
        """A batch and the answers that it has; None when it is not there or has expired."""
        ...


class MemoryBatches:
    """The latest batches of this process. Safe to share between threads."""

    def __init__(self, clock: Clock, keep: int = _KEPT) -> None:
        self._clock = clock
        self._keep = keep
        self._batches: dict[str, Batch] = {}
        self._found: dict[str, dict[int, Found]] = {}
        self._claims: dict[str, Claim] = {}
        self._lock = threading.Lock()

    def claim(self, claim: Claim) -> Claim:
        with self._lock:
            held = self._claims.get(claim.key)
            if held is None or held.expires_at <= self._clock.now().timestamp():
                held = self._claims[claim.key] = claim
                self._forget(self._claims)
            return held

    def create(self, batch: Batch, found: Mapping[int, Found]) -> bool:
        with self._lock:
            if batch.id in self._batches:
                return False
            self._batches[batch.id] = batch
            self._found[batch.id] = {**found}
            self._forget(self._batches)
            self._forget(self._found)
            return True

    def finish(self, item: BatchItem, found: Found) -> bool:
        with self._lock:
            if item.batch not in self._found or item.slot in self._found[item.batch]:
                return False
            self._found[item.batch][item.slot] = found
            return True

    def answered(self, batch_id: str) -> frozenset[int]:
        with self._lock:
            return frozenset(self._found.get(batch_id, ()))

    def read(self, batch_id: str) -> tuple[Batch, Mapping[int, Found]] | None:
        with self._lock:
            batch = self._batches.get(batch_id)
            if batch is None or batch.expires_at <= self._clock.now().timestamp():
                return None
            return batch, dict(self._found[batch_id])

    def _forget(self, kept: dict[str, Batch] | dict[str, dict[int, Found]] | dict[str, Claim]) -> None:
        if len(kept) > self._keep:
            del kept[next(iter(kept))]
