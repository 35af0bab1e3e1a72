"""The batches of this process: a table and a queue where there are both, else memory and this process's own work."""

import logging
import time
from functools import lru_cache

from brightspot.core.clock import SystemClock
from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot
from brightspot.locations.answers import kept_answers, key_for, shared_answers
from brightspot.locations.batches.dispatch import Dispatch, OwnDispatch, QueueDispatch
from brightspot.locations.batches.dynamo import DynamoBatches
from brightspot.locations.batches.seam import Batches, MemoryBatches
from brightspot.locations.batches.service import BatchService
from brightspot.locations.batches.settings import BatchSettings
from brightspot.locations.batches.shapes import BatchItem
from brightspot.locations.batches.worker import BatchWorker
from brightspot.store import Message, Outbox, QueueUnavailable, StoreSettings

# Before the 2nd, 3rd, ... delivery: together well within BATCH_ANSWER_SECONDS. After the last one none is waited for.
_AGAIN_AFTER_SECONDS = (2, 10, 60, 240)
_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def batch_service() -> BatchService:
    """The batches that the environment describes. Opens no connection yet."""
    settings, clock, table = load(BatchSettings), SystemClock(), _table()
    store: Batches
    dispatch: Dispatch
    if table is not None and settings.queue_url:
        store, dispatch = table, QueueDispatch(_outbox(), settings.queue_url)
    else:
        store = MemoryBatches(clock)
        dispatch = OwnDispatch(BatchWorker(store, shared_answers, clock, most_tries=1))
    return BatchService(
        store=store,
        dispatch=dispatch,
        kept=kept_answers,
        key_of=key_for,
        clock=clock,
        sleep=time.sleep,
        settings=settings,
    )


def answer_item(message: Message[BatchItem]) -> None:
    """Analyse one address of a batch. Raises what keeps it from an answer, so that the message comes again."""
    _worker().handle(message)


def put_item_off(receipt: str, attempt: int) -> None:
    """Have a message that failed come again soon, and the sooner into the dead letters after its last delivery."""
    delays = (*_AGAIN_AFTER_SECONDS, 0)
    try:
        _outbox().put_off(load(BatchSettings).queue_url, receipt, delays[min(attempt, len(delays)) - 1])
    except QueueUnavailable as error:
        _log.warning("message_not_put_off", extra={"error": str(error)})  # it comes when its visibility timeout ends


@lru_cache(maxsize=1)
def _worker() -> BatchWorker:
    table = _table()
    if table is None:
        raise SettingsError("TABLE_PREFIX is not set: there is no table of batches")
    return BatchWorker(table, shared_answers, SystemClock(), load(BatchSettings).most_tries)


@before_snapshot
def _prepare() -> None:
    if (table := _table()) is not None:
        table.prepare()


@lru_cache(maxsize=1)
def _table() -> DynamoBatches | None:
    store = load(StoreSettings)
    return DynamoBatches(store, SystemClock()) if store.table_prefix else None


@lru_cache(maxsize=1)
def _outbox() -> Outbox:
    return Outbox(load(StoreSettings))
