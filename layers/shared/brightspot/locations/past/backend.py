"""The history of this process: DynamoDB where there is a table, else memory; and what a worker saves later."""

from dataclasses import dataclass
from functools import lru_cache

from brightspot.core.clock import SystemClock
from brightspot.core.errors import SettingsError
from brightspot.core.settings import load, setting
from brightspot.core.snapshots import before_snapshot
from brightspot.locations.past.dynamo import DynamoHistory
from brightspot.locations.past.seam import History, MemoryHistory
from brightspot.locations.past.shapes import DEFAULT_RETENTION_DAYS, Record
from brightspot.store import Message, StoreSettings


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """How long analyses are remembered, and where one goes that cannot be saved at once."""

    retention_days: float = setting(
        "HISTORY_RETENTION_DAYS", float(DEFAULT_RETENTION_DAYS), "days an analysis is kept", least=1, most=3650
    )
    queue_url: str = setting("HISTORY_QUEUE_URL", "", "SQS queue for analyses that could not be saved")


@lru_cache(maxsize=1)
def history() -> History:
    """The history that the environment describes. Opens no connection yet."""
    return _table() or MemoryHistory(retention_days=load(HistorySettings).retention_days)


def save_deferred(message: Message[Record]) -> None:
    """Save an analysis whose request could not. Raises TableUnavailable; saving it twice changes nothing."""
    table = _table()
    if table is None:
        raise SettingsError("TABLE_PREFIX is not set: there is no table to save to")
    table.write(message.body)


@before_snapshot
def _prepare() -> None:
    if (table := _table()) is not None:
        table.prepare()


@lru_cache(maxsize=1)
def _table() -> DynamoHistory | None:
    store, settings = load(StoreSettings), load(HistorySettings)
    if not store.table_prefix:
        return None
    return DynamoHistory(store, SystemClock(), retention_days=settings.retention_days, queue_url=settings.queue_url)
