"""The table of batches: key `id` and `part`, so that one query reads a batch with all that was found for it.

Parts of a batch are its `head`, `kept#n` (answers known from the start, many in a row) and `slot#nn` (one answer each).
Idempotency keys stand in the same table, as `key#<hash>` with the part `head`. Loads pynamodb: imported when the table
is first used.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec
from backports import zstd
from pynamodb.attributes import BinaryAttribute, NumberAttribute, NumberSetAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.models import Model

from brightspot.core import codec
from brightspot.locations.batches.shapes import Batch, BatchItem, Claim, Fault, Found, Plan

AGGREGATE: Final = "batches"
HEAD: Final = "head"
_KEPT: Final = "kept#"
_SLOT: Final = "slot#"
# Before compression. DynamoDB takes 400 KB; analyses shrink to a fifth, and no text of numbers to more than a half.
_MOST_KEPT_BYTES: Final = 600_000

_plans = msgspec.json.Decoder(Plan)
_faults = msgspec.json.Decoder(Fault)
_kept = msgspec.json.Decoder(dict[int, str])


class BatchRow(Model):
    """One part of a batch, or an idempotency key."""

    id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    expires_at = TTLAttribute()
    tenant = UnicodeAttribute(null=True)
    created_at = NumberAttribute(null=True)
    answer_by = NumberAttribute(null=True)
    plan = BinaryAttribute(legacy_encoding=False, null=True)
    slots = NumberSetAttribute(null=True)
    body = BinaryAttribute(legacy_encoding=False, null=True)
    fault = UnicodeAttribute(null=True)
    batch = UnicodeAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)


def row_of_claim(table: type[BatchRow], claim: Claim) -> BatchRow:
    """An idempotency key as a row of the bound table."""
    return table(
        id=f"key#{claim.key}",
        part=HEAD,
        batch=claim.batch,
        fingerprint=claim.fingerprint,
        expires_at=_time(claim.expires_at),
    )


def claim_in(row: BatchRow) -> Claim:
    """The claim that a row holds."""
    key = row.id.removeprefix("key#")
    return Claim(key, str(row.batch), str(row.fingerprint), int(row.expires_at.timestamp()))


def row_of_batch(table: type[BatchRow], batch: Batch) -> BatchRow:
    """A batch's head as a row of the bound table."""
    return table(
        id=batch.id,
        part=HEAD,
        tenant=batch.tenant,
        created_at=batch.created_at,
        answer_by=batch.answer_by,
        expires_at=_time(batch.expires_at),
        plan=zstd.compress(codec.dumps(batch.plan)),
    )


def rows_of_kept(table: type[BatchRow], batch: Batch, found: Mapping[int, Found]) -> Iterator[BatchRow]:
    """The analyses that were known from the start, as few rows of the bound table."""
    texts = {slot: each.decode() for slot, each in found.items() if isinstance(each, bytes)}
    number = 0
    while texts:
        taken: dict[int, str] = {}
        while texts and (not taken or sum(map(len, taken.values())) < _MOST_KEPT_BYTES):
            slot = next(iter(texts))
            taken[slot] = texts.pop(slot)
        body = zstd.compress(codec.dumps(taken))
        part, slots = f"{_KEPT}{number}", set(taken)
        yield table(id=batch.id, part=part, slots=slots, body=body, expires_at=_time(batch.expires_at))
        number += 1


def row_of_found(table: type[BatchRow], item: BatchItem, found: Found) -> BatchRow:
    """The answer of one slot as a row of the bound table."""
    answer = {"body": zstd.compress(found)} if isinstance(found, bytes) else {"fault": codec.dumps(found).decode()}
    return table(id=item.batch, part=f"{_SLOT}{item.slot:02}", expires_at=_time(item.expires_at), **answer)


def batch_in(row: BatchRow) -> Batch:
    """The batch whose head a row is."""
    return Batch(
        id=row.id,
        tenant=str(row.tenant),
        created_at=float(row.created_at or 0),
        answer_by=float(row.answer_by or 0),
        expires_at=int(row.expires_at.timestamp()),
        plan=_plans.decode(zstd.decompress(row.plan or b"")),
    )


def slots_in(row: BatchRow) -> list[int]:
    """The slots whose answers a row holds."""
    if row.part.startswith(_SLOT):
        return [int(row.part.removeprefix(_SLOT))]
    return [int(each) for each in row.slots or ()]


def found_in(row: BatchRow) -> dict[int, Found]:
    """The answers that a row holds, by slot."""
    if row.part.startswith(_KEPT):
        return {slot: text.encode() for slot, text in _kept.decode(zstd.decompress(row.body or b"")).items()}
    if not row.part.startswith(_SLOT):
        return {}
    slot = int(row.part.removeprefix(_SLOT))
    return {slot: _faults.decode(row.fault) if row.fault is not None else zstd.decompress(row.body or b"")}


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
