"""Batches in DynamoDB: each answer is written once, under its slot's own key, whoever else delivers it."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

from brightspot.core.clock import Clock
from brightspot.locations.batches.shapes import Batch, BatchItem, Claim, Found
from brightspot.store import StoreSettings, access_pattern, bind, insert, reaching

if TYPE_CHECKING:
    from brightspot.locations.batches.table import BatchRow

_PACKED: Final = 400_000  # bytes: answers that are known from the start share few rows


class DynamoBatches:
    """The table `<prefix>-batches`. Safe to share between threads.

    A slot's answer is one PutItem under the condition that there is none. A batch is finished when there are as many
    answers as slots: there is no counter that a second delivery could move.
    """

    def __init__(self, settings: StoreSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def prepare(self) -> None:
        """Load what a row takes and make the client, 300 ms; asks no server."""
        _ = self._table

    @access_pattern("batches: claim an idempotency key")
    def claim(self, claim: Claim) -> Claim:
        from brightspot.locations.batches.table import claim_in, row_of_claim  # noqa: PLC0415

        row = row_of_claim(self._table, claim)
        if insert(row, or_if=self._table.expires_at < self._clock.now()):
            return claim
        with reaching(self._table):
            (held,) = self._table.query(row.id, consistent_read=True)
            return claim_in(held)

    @access_pattern("batches: keep a new batch", item_bytes=_PACKED)
    def create(self, batch: Batch, found: Mapping[int, Found]) -> bool:
        from brightspot.locations.batches.table import row_of_batch, rows_of_kept  # noqa: PLC0415

        if not insert(row_of_batch(self._table, batch)):
            return False
        for row in rows_of_kept(self._table, batch, found):
            insert(row)
        return True

    @access_pattern("batches: keep the answer of a slot")
    def finish(self, item: BatchItem, found: Found) -> bool:
        from brightspot.locations.batches.table import row_of_found  # noqa: PLC0415

        return insert(row_of_found(self._table, item, found))

    @access_pattern("batches: which slots are answered", item_bytes=_PACKED)
    def answered(self, batch_id: str) -> frozenset[int]:
        from brightspot.locations.batches.table import slots_in  # noqa: PLC0415

        with reaching(self._table):
            rows = self._table.query(batch_id, attributes_to_get=["id", "part", "slots", "expires_at"])
            return frozenset(slot for row in rows for slot in slots_in(row))

    @access_pattern("batches: a batch with its answers", item_bytes=_PACKED)
    def read(self, batch_id: str) -> tuple[Batch, Mapping[int, Found]] | None:
        from brightspot.locations.batches.table import HEAD, batch_in, found_in  # noqa: PLC0415

        with reaching(self._table):
            rows = list(self._table.query(batch_id, consistent_read=True))
        head = next((row for row in rows if row.part == HEAD), None)
        if head is None or head.expires_at <= self._clock.now():
            return None
        found: dict[int, Found] = {}
        for row in rows:
            found = {**found_in(row), **found}  # parts come in order: what was known from the start stays
        return batch_in(head), found

    @cached_property
    def _table(self) -> "type[BatchRow]":
        from brightspot.locations.batches.table import AGGREGATE, BatchRow  # noqa: PLC0415

        return bind(BatchRow, AGGREGATE, self._settings)
