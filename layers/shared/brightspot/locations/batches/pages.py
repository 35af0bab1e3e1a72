"""Pages of a batch's answer: a stretch of its positions, as many as fit into one HTTP answer."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from brightspot.core import codec
from brightspot.core.clock import rfc3339_ms
from brightspot.core.errors import InputRefused
from brightspot.locations.addresses.errors import shortened
from brightspot.locations.batches.shapes import Batch, BatchError, BatchProgress, Fault, Found, Plan
from brightspot.store import decode_cursor, encode_cursor

# Workers leave what is late by their clock, readers give it up a little later by theirs: it is never answered again.
_GRACE_SECONDS: Final = 5.0
_LONGEST_ECHO: Final = 200
_LATE = Fault("Not answered in time", "no worker answered for this address in time; send it again in a new batch")


def settled(batch: Batch, found: Mapping[int, Found], now: float) -> Mapping[int, Found]:
    """What is found by slot; from the batch's time limit on, what is missing is a fault."""
    if now < batch.answer_by + _GRACE_SECONDS:
        return found
    return {slot: found.get(slot, _LATE) for slot in range(len(batch.plan.slots))}


def progress(batch: Batch, pending: frozenset[int]) -> BatchProgress:
    """How far it has come when these slots wait for an answer."""
    waiting = sum(not isinstance(place, Fault) and place in pending for place in batch.plan.places)
    total = len(batch.plan.places)
    return BatchProgress(
        batch.id, "running" if waiting else "completed", total, total - waiting, rfc3339_ms(batch.created_at)
    )


class Page(NamedTuple):
    """A BatchAnswer in JSON, and whether the batch has an answer for each address, on whatever page."""

    body: bytes
    is_complete: bool


def recorded(batch: Batch, found: Mapping[int, Found], now: float, cursor: str | None, most_bytes: int) -> Page:
    """A page of a remembered batch. Raises InputRefused for a cursor that is not its own."""
    listing = f"batch {batch.id}"
    first = 0 if cursor is None else _position(listing, cursor, len(batch.plan.places))
    head = {
        "id": batch.id,
        "created_at": rfc3339_ms(batch.created_at),
        "age_seconds": round(max(0.0, now - batch.created_at), 3),
    }
    body, end = _page(batch.plan, settled(batch, found, now), first, most_bytes)
    following = None if end == len(batch.plan.places) else encode_cursor(listing, str(end))
    return Page(codec.dumps({**head, **body, "next_cursor": following}), body["status"] == "completed")


def unrecorded(plan: Plan, found: Mapping[int, Found], most_bytes: int) -> bytes | None:
    """The whole answer as a BatchAnswer in JSON; None when something is not found yet, or it takes more than a page."""
    body, end = _page(plan, found, 0, most_bytes)
    whole = body["status"] == "completed" and end == len(plan.places)
    return codec.dumps({**body, "next_cursor": None}) if whole else None


def _page(plan: Plan, found: Mapping[int, Found], first: int, most_bytes: int) -> tuple[dict[str, Any], int]:
    """The figures, and the results and errors from a position on; and where the page ends."""
    every = [place if isinstance(place, Fault) else found.get(place) for place in plan.places]
    results, errors, size, end = [], [], 0, first
    for end, each in enumerate(every[first:], first):
        if isinstance(each, Fault):
            errors.append(_error(end, plan.addresses[end], each))
        elif each is not None:
            size += len(each)
            if size > most_bytes and end > first:
                break
            results.append(msgspec.Raw(b'{"index":%d,%b' % (end, each[1:])))
    else:
        end = len(every)
    failed = sum(isinstance(each, Fault) for each in every)
    done = len(every) - every.count(None)
    told = {
        "status": "completed" if done == len(every) else "running",
        "total": len(every),
        "done": done,
        "successful": done - failed,
        "failed": failed,
        "results": results,
        "errors": errors,
    }
    return told, end


def _error(index: int, address: str, fault: Fault) -> BatchError:
    return BatchError(
        index=index,
        address=shortened(address, _LONGEST_ECHO),
        error=fault.error,
        reason=fault.reason,
        field=fault.field,
        understood=fault.understood,
    )


def _position(listing: str, cursor: str, total: int) -> int:
    after = decode_cursor(listing, cursor)
    if not (after.isascii() and after.isdigit() and 0 < int(after) < total):
        raise InputRefused("cursor", "send the next_cursor of the page before, unchanged, or leave it out")
    return int(after)
