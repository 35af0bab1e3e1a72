"""The audit log in DynamoDB: a place in a stream is taken by a conditional write, so that no chain ever forks."""

from collections.abc import Callable, Iterator
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Final

import msgspec

from brightspot.audit.checkpoint import Checkpoint
from brightspot.audit.entry import BEGINNING, Entry, Event, sealed
from brightspot.store import StoreSettings, TableUnavailable, access_pattern, bind, insert, reaching

if TYPE_CHECKING:
    from brightspot.audit.table import AuditRow

_TRIES: Final = 12
_BASE_SECONDS: Final = 0.01
_LONGEST_SECONDS: Final = 0.2
_entries = msgspec.json.Decoder(Entry)
_checkpoints = msgspec.json.Decoder(Checkpoint)


class DynamoLedger:
    """Streams in the table `<prefix>-audit`, only ever written with the condition that their place is free.

    Who finds its place taken reads the end again, after a random wait that grows, at most twelve times. Raises
    TableUnavailable. Loads pynamodb when it is first used.
    """

    def __init__(self, settings: StoreSettings, sleep: Callable[[float], None], random: Random) -> None:
        self._settings = settings
        self._sleep = sleep
        self._random = random

    @access_pattern("audit: append an entry")
    def append(self, stream: str, event: Event) -> Entry:
        for tried in range(_TRIES):
            last = self._last(stream)
            if tried and last is not None and last.event == event:
                return last  # it was ours: only the answer to the write had been lost
            number, previous = (1, BEGINNING) if last is None else (last.number + 1, last.hash)
            entry = sealed(stream, number, previous, event)
            if self._insert(stream, number, entry):
                return entry
            self._sleep(self._random.uniform(0, min(_LONGEST_SECONDS, _BASE_SECONDS * 2**tried)))
        raise TableUnavailable(f"{self._settings.table_name('audit')}: {_TRIES} times another writer was faster")

    def entries(self, stream: str, after: int = 0) -> Iterator[Entry]:
        with access_pattern("audit: entries in order"):
            yield from map(_entry, self._rows(stream, after=after))

    def newest(self, stream: str, below: int | None = None) -> Iterator[Entry]:
        with access_pattern("audit: entries, newest first"):
            yield from map(_entry, self._rows(stream, below=below, forward=False))

    def checkpoints(self, stream: str) -> Iterator[Checkpoint]:
        from brightspot.audit.table import CHECKPOINTS  # noqa: PLC0415  # pynamodb: only who asks the table pays

        with access_pattern("audit: checkpoints in order"):
            yield from (_checkpoints.decode(row.body) for row in self._rows(f"{CHECKPOINTS}{stream}"))

    @access_pattern("audit: the last checkpoint")
    def last_checkpoint(self, stream: str) -> Checkpoint | None:
        from brightspot.audit.table import CHECKPOINTS  # noqa: PLC0415

        row = next(self._rows(f"{CHECKPOINTS}{stream}", forward=False, limit=1), None)
        return None if row is None else _checkpoints.decode(row.body)

    @access_pattern("audit: keep a checkpoint")
    def keep(self, checkpoint: Checkpoint) -> bool:
        from brightspot.audit.table import CHECKPOINTS  # noqa: PLC0415

        said = checkpoint.statement
        return self._insert(f"{CHECKPOINTS}{said.stream}", said.number, checkpoint)

    def prepare(self) -> None:
        """Load what a row takes and make the client; asks no server."""
        _ = self._table

    def _last(self, stream: str) -> Entry | None:
        row = next(self._rows(stream, forward=False, limit=1), None)
        return None if row is None else _entry(row)

    def _insert(self, stream: str, number: int, value: msgspec.Struct) -> bool:
        from brightspot.audit.table import row_of  # noqa: PLC0415

        return insert(row_of(self._table, stream, number, value))

    def _rows(
        self, stream: str, *, after: int = 0, below: int | None = None, forward: bool = True, limit: int | None = None
    ) -> Iterator["AuditRow"]:
        table = self._table
        within = table.number > after if below is None else table.number < below
        with reaching(table):
            yield from table.query(stream, within, consistent_read=True, scan_index_forward=forward, limit=limit)

    @cached_property
    def _table(self) -> "type[AuditRow]":
        from brightspot.audit.table import AGGREGATE, AuditRow  # noqa: PLC0415

        return bind(AuditRow, AGGREGATE, self._settings)


def _entry(row: "AuditRow") -> Entry:
    return _entries.decode(row.body)
