"""cleanup_performance_metrics: measurements that are older than they are kept.

DynamoDB deletes expired items by itself, within a few days, and nobody reads them until then; this deletes them at
once, and counts them. They are asked for by their keys, which follow from the time, so that nothing is scanned.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Final, Protocol

from brightspot.core.settings import load
from brightspot.operations.health_history import old_shelves
from brightspot.operations.rollups import old_spans
from brightspot.operations.upkeep.work import Step, Work
from brightspot.store import StoreSettings
from brightspot.store.access.recording import SLOW_QUERIES
from brightspot.telemetry.leftovers import FIRST_PAGE, forget_minutes, forget_slow
from brightspot.valkey import shared_valkey

_BACK: Final = timedelta(days=14)  # DynamoDB's own expiry has long been through with what is older
_AT_A_TIME: Final = 25
_SLOW_KEPT: Final = timedelta(days=40)


class _Table(Protocol):
    def forget(self, keys: Sequence[str], now: datetime, *, dry_run: bool) -> int: ...


def _expired(
    what: str, table: Callable[[StoreSettings], _Table], keys: Callable[[datetime, datetime], list[str]]
) -> Step:
    """Delete those rows of a table that are expired, of the keys that may be."""

    def step(work: Work, after: str) -> str | None:
        tally, settings = work.tally(what), load(StoreSettings)
        if not settings.table_prefix:
            work.notes.append(f"{what}: there are no tables (TABLE_PREFIX)")
            return None
        shelf, wanted = table(settings), keys(work.now - _BACK, work.now)
        left = wanted[wanted.index(after) + 1 if after in wanted else 0 :]
        for batch in batched(left, _AT_A_TIME, strict=False):
            if work.late():
                tally.left = len(left) - tally.looked_at
                return after
            tally.changed += shelf.forget(batch, work.now, dry_run=work.dry_run)
            tally.looked_at += len(batch)
            after = batch[-1]
        return None

    return step


def _figures(settings: StoreSettings) -> _Table:
    from brightspot.operations.figures_table import TableShelf  # noqa: PLC0415  # pynamodb, only where there is a table

    return TableShelf(settings)


def _health(settings: StoreSettings) -> _Table:
    from brightspot.operations.health_table import TableShelves  # noqa: PLC0415  # as above

    return TableShelves(settings)


def _slow(work: Work, _: str) -> str | None:
    """Forget slow operations and queries, of which the last hundred are kept, once they are old, too."""
    tally, valkey = work.tally("slow_operations"), shared_valkey()
    if valkey is None:
        return None
    for kind in ("", SLOW_QUERIES):
        looked_at, old = forget_slow(valkey, kind, work.now - _SLOW_KEPT, dry_run=work.dry_run)
        tally.looked_at += looked_at
        tally.changed += old
    return None


def _minutes(work: Work, after: str) -> str | None:
    """Remove minutes that should have expired by themselves, should one have lost its expiry."""
    tally, valkey, cursor = work.tally("minutes_of_figures"), shared_valkey(), after or FIRST_PAGE
    if valkey is None:
        work.notes.append("minutes_of_figures: there is no shared store")
        return None
    while True:
        if work.late():
            tally.left = None
            return cursor
        page = forget_minutes(valkey, int(work.now.timestamp()) // 60, cursor, dry_run=work.dry_run)
        tally.looked_at += page.looked_at
        tally.changed += page.old
        if page.cursor is None:
            return None
        cursor = page.cursor


STEPS: Final[Mapping[str, Step]] = {
    "figures": _expired("figures", _figures, old_spans),
    "health": _expired("health", _health, old_shelves),
    "slow_operations": _slow,
    "minutes_of_figures": _minutes,
}
