"""Where the board of alerts is kept: in the table that the environment names, else in this process."""

from functools import lru_cache

from brightspot.core.clock import SystemClock
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot
from brightspot.operations.alerting.board import MemoryShelf, Shelf
from brightspot.store import StoreSettings


@before_snapshot
@lru_cache(maxsize=1)
def shared_shelf() -> Shelf:
    """The one of this process."""
    store = load(StoreSettings)
    if not store.table_prefix:
        return MemoryShelf()
    from brightspot.operations.alerting.table import TableShelf  # noqa: PLC0415  # pynamodb, only where there is a table

    return TableShelf(store, SystemClock())
