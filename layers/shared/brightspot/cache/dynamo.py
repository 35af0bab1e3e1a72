"""The third level in DynamoDB: slower than the shared store and larger, and never a reason for a request to fail."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import batched
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from brightspot.core.clock import Clock
from brightspot.core.errors import SettingsError
from brightspot.core.rest import Rest
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot
from brightspot.store import StoreSettings, TableUnavailable, access_pattern, bind, reaching
from brightspot.store.aws import once_more_if_closed

if TYPE_CHECKING:
    from brightspot.cache.table import EntryRow

_MOST_ITEM: Final = 400_000
_MOST_BYTES: Final = 390_000  # of an item's 400 KB; the rest is for names
_MOST_KEYS: Final = 100  # that BatchGetItem takes
_log = logging.getLogger(__name__)


class DynamoLevel:
    """Entries in the table `<prefix>-cache`. Safe to share between threads.

    A call takes `timeout_ms` to connect and again to be answered, at most. After one that failed the table rests for
    0.5, 1, 2 and then 5 s: what is asked meanwhile is a miss at once, what is to be kept is not. Entries of more than
    390,000 bytes are not kept. Loads pynamodb when it is first used.
    """

    def __init__(self, settings: StoreSettings, clock: Clock, timeout_ms: int) -> None:
        self._settings = replace(settings, connect_ms=timeout_ms, read_ms=timeout_ms)
        self._clock = clock
        self._rest = Rest(clock)

    @access_pattern("cache: one entry", item_bytes=_MOST_ITEM)
    def get(self, name: str) -> bytes | None:
        """What is kept and has not expired; DynamoDB deletes only days after that."""
        row = self._try("get", lambda: self._read(name))
        return row.data if row is not None and row.expires_at > self._clock.now() else None

    @access_pattern("cache: several entries", item_bytes=_MOST_ITEM)
    def get_many(self, names: Sequence[str]) -> dict[str, bytes]:
        """As `get`, 100 names a call. What DynamoDB leaves unprocessed is a miss: it asks for patience."""
        found: dict[str, bytes] = {}
        for some in batched(dict.fromkeys(names), _MOST_KEYS, strict=False):
            for row in self._try("get_many", partial(self._read_many, some)) or ():
                if row.expires_at > self._clock.now():
                    found[row.name] = row.data
        return found

    @access_pattern("cache: keep an entry", item_bytes=_MOST_ITEM)
    def set(self, name: str, data: bytes, expires_at: float) -> None:
        if len(data) <= _MOST_BYTES:
            expiry = datetime.fromtimestamp(ceil(expires_at), UTC)
            self._try("set", lambda: self._table(name, data=data, expires_at=expiry).save())

    @access_pattern("cache: delete an entry")
    def delete(self, name: str) -> None:
        self._try("delete", lambda: self._table(name).delete())

    def _read(self, name: str) -> "EntryRow | None":
        try:
            return self._table.get(name)
        except self._table.DoesNotExist:
            return None

    def _read_many(self, names: Sequence[str]) -> "list[EntryRow]":
        keys = [{"name": {"S": name}} for name in names]
        # Not `batch_get`, which asks for unprocessed keys until there are none: a throttled table would hold us up.
        read: Any = self._table._batch_get_page  # noqa: SLF001
        rows, _ = read(keys, consistent_read=None, attributes_to_get=None)
        return [self._table.from_raw_data(row) for row in rows]

    def _try[T](self, what: str, call: Callable[[], T]) -> T | None:
        if not self._rest.admits():
            return None
        try:
            with reaching(self._table):
                done = once_more_if_closed(call)
        except TableUnavailable as error:
            self._rest.failed()
            _log.warning("cache_table_unavailable", extra={"operation": what, "reason": str(error)})
            return None
        self._rest.succeeded()
        return done

    def prepare(self) -> None:
        """Load what a row takes and make the client; asks no server."""
        _ = self._table

    @cached_property
    def _table(self) -> "type[EntryRow]":
        from brightspot.cache.table import AGGREGATE, EntryRow  # noqa: PLC0415  # pynamodb: 300 ms that few must pay

        return bind(EntryRow, AGGREGATE, self._settings)


def dynamo_level(timeout_ms: int, clock: Clock) -> DynamoLevel:
    """The table that the environment names. Opens no connection yet. Raises SettingsError when there is none."""
    store = load(StoreSettings)
    if not store.table_prefix:
        raise SettingsError("CACHE_L3_ENABLED is on, but TABLE_PREFIX is not set: there is no table to keep entries in")
    level = DynamoLevel(store, clock, timeout_ms)
    before_snapshot(level.prepare)
    return level
