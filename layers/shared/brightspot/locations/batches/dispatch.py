"""Who analyses the addresses of a batch: workers behind a queue, or this process."""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, Protocol

from brightspot.locations.batches.shapes import Batch, BatchItem, Fault
from brightspot.locations.batches.worker import BatchWorker
from brightspot.resilience import Deadline
from brightspot.store import Message, Outbox, new_message

_NOT_SENT: Final = Fault("Not queued", "the address could not be handed to a worker; send it again in a new batch")
_NO_TIME: Final = Fault("Not answered in time", "this process had no time left for the address; send fewer at once")
_FAILED: Final = "batch_item_failed"
_log = logging.getLogger(__name__)


class Dispatch(Protocol):
    """Has slots of a batch answered, each at least once. Returns those of whom that cannot be said, and why."""

    def hand_out(self, batch: Batch, slots: Iterable[int], deadline: Deadline) -> Mapping[int, Fault]: ...


class QueueDispatch:
    """One message per slot."""

    def __init__(self, outbox: Outbox, queue_url: str) -> None:
        self._outbox = outbox
        self._queue_url = queue_url

    def hand_out(self, batch: Batch, slots: Iterable[int], deadline: Deadline) -> Mapping[int, Fault]:
        _ = deadline  # handing out takes no longer than the calls to the queue may
        refused = self._outbox.send_all(self._queue_url, messages(batch, slots))
        return {each.body.slot: _NOT_SENT for each in refused}


class OwnDispatch:
    """One slot after the other, here and now: without a queue, the deadline is the batch's end."""

    def __init__(self, worker: BatchWorker) -> None:
        self._worker = worker

    def hand_out(self, batch: Batch, slots: Iterable[int], deadline: Deadline) -> Mapping[int, Fault]:
        left = messages(batch, slots)
        while left and deadline.remaining() > 0:
            message = left.pop(0)
            try:
                self._worker.handle(message)
            except Exception:  # noqa: BLE001  # whatever it was, the batch has its error, and the others have their turn
                _log.exception(_FAILED, extra={"batch": batch.id, "slot": message.body.slot})
        return {each.body.slot: _NO_TIME for each in left}


def messages(batch: Batch, slots: Iterable[int]) -> list[Message[BatchItem]]:
    """What is to be handled for these slots, each under a key of its own, as long as anybody waits for it."""
    deadline = datetime.fromtimestamp(batch.answer_by, UTC).isoformat()
    return [new_message(f"{batch.id}/{slot}", item_of(batch, slot), deadline) for slot in sorted(slots)]


def item_of(batch: Batch, slot: int) -> BatchItem:
    """One slot of a batch by itself."""
    plan = batch.plan
    return BatchItem(
        batch=batch.id,
        slot=slot,
        address=plan.slots[slot].address,
        radius_miles=plan.radius_miles,
        persona=plan.persona,
        weights=plan.weights,
        tenant=batch.tenant,
        analysis_id=plan.slots[slot].analysis_id,
        expires_at=batch.expires_at,
    )
