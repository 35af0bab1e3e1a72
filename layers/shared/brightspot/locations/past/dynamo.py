"""The history in DynamoDB: one write inside the request, and a message when that fails, so that nothing is lost."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from heapq import merge
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Final

from brightspot.core.clock import Clock
from brightspot.core.ids import earliest_id
from brightspot.core.rest import Rest
from brightspot.locations.analysis import Analysis
from brightspot.locations.past.paging import Stretch, page, stretch
from brightspot.locations.past.shapes import (
    FailedAnalysis,
    HistoryPage,
    Listed,
    Record,
    Stored,
    analysis_in,
    record_of,
    record_of_failed,
    stored_in,
)
from brightspot.resilience import Deadline, Outcome, run_all
from brightspot.security import SHARED_TENANT
from brightspot.store import (
    Outbox,
    QueueUnavailable,
    StoreSettings,
    TableUnavailable,
    access_pattern,
    bind,
    insert,
    new_message,
    reaching,
)

if TYPE_CHECKING:
    from brightspot.locations.past.table import AnalysisRow
    from brightspot.resilience.retry import Retry

_READ_SECONDS: Final = 5.0
_READ_AHEAD: Final = 100
_log = logging.getLogger(__name__)


class DynamoHistory:
    """Analyses in the table `<prefix>-analyses`. Safe to share between threads.

    Recording takes one PutItem, at most a second; when that fails, one message to `queue_url`, at most a second more.
    After a PutItem that was not answered the table rests for 0.5, 1, 2 and then 5 s: what is recorded meanwhile goes to
    the queue at once, and to the table only if the queue does not take it either.
    `get` sees what was recorded at once; the lists come from indexes, which follow a moment later.
    """

    backend = "dynamodb"

    def __init__(self, settings: StoreSettings, clock: Clock, *, retention_days: float, queue_url: str) -> None:
        """Without a `queue_url` an analysis that cannot be saved is logged and lost."""
        self._settings = settings
        self._clock = clock
        self._retention_days = retention_days
        self._queue_url = queue_url
        self._outbox = Outbox(settings)
        self._rest = Rest(clock)

    def prepare(self) -> None:
        """Load what a row takes and make the client, 300 ms; asks no server."""
        _ = self._table

    def record(self, analysis: Analysis, normal_form: str, tenant: str = SHARED_TENANT) -> None:
        self._keep(record_of(analysis, normal_form, self._retention_days, tenant))

    def record_failed(self, failed: FailedAnalysis, tenant: str = SHARED_TENANT) -> None:
        self._keep(record_of_failed(failed, self._retention_days, tenant))

    @access_pattern("history: save an analysis")
    def write(self, record: Record) -> None:
        """Save a record; one that is there already stays as it is. Raises TableUnavailable."""
        from brightspot.locations.past.table import row_of  # noqa: PLC0415  # pynamodb: only who writes pays

        written = insert(row_of(self._table, record))
        _log.info("Saved analysis", extra={"analysis_id": record.id, "place": record.place, "new": written})

    def recent(
        self,
        limit: int,
        persona: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        *,
        tenant: str = SHARED_TENANT,
    ) -> HistoryPage:
        return self._page(limit, self._stretch(since, until, cursor), tenant, persona=persona)

    def of_place(
        self,
        normal_form: str,
        limit: int,
        cursor: str | None = None,
        *,
        persona: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        tenant: str = SHARED_TENANT,
    ) -> HistoryPage:
        return self._page(limit, self._stretch(since, until, cursor), tenant, persona=persona, place=normal_form)

    def get(self, analysis_id: str, tenant: str = SHARED_TENANT) -> Analysis | None:
        """The full answer; None when it is not remembered, or was never finished. Raises TableUnavailable."""
        return analysis_in(self.stored(analysis_id, tenant))

    @access_pattern("history: an analysis by its id")
    def stored(self, analysis_id: str, tenant: str = SHARED_TENANT) -> Stored | None:
        """What is remembered of it; None when it is not there, is another tenant's, or has expired.

        Raises TableUnavailable.
        """
        table = self._table
        with reaching(table):
            try:
                row = table.get(analysis_id, consistent_read=True)
            except table.DoesNotExist:
                return None
        if (row.tenant or SHARED_TENANT) != tenant or row.expires_at <= self._clock.now():
            return None
        return stored_in(row.body, row.reason)

    @access_pattern("history: how many there are")
    def count(self) -> int:
        """About how many are remembered: DynamoDB counts every six hours or so. Raises TableUnavailable."""
        with reaching(self._table):
            return int(self._table.describe_table()["ItemCount"])

    def made_before(self, moment: datetime) -> Iterator[str]:
        from brightspot.locations.past.table import SHARDS, ids_before  # noqa: PLC0415

        with reaching(self._table), access_pattern("history: ids of what is too old", fan_out=SHARDS):
            yield from ids_before(self._table, earliest_id(moment))

    @access_pattern("history: delete what is too old")
    def forget(self, ids: Sequence[str], deadline: Deadline) -> None:
        from brightspot.store.deletions import delete  # noqa: PLC0415  # loads what only a cleanup needs

        delete(self._table, ids, deadline, self._retry)

    @cached_property
    def _table(self) -> "type[AnalysisRow]":
        from brightspot.locations.past.table import AGGREGATE, AnalysisRow  # noqa: PLC0415

        return bind(AnalysisRow, AGGREGATE, self._settings)

    @cached_property
    def _retry(self) -> "Retry":
        from brightspot.resilience.retry import Retry, RetrySettings  # noqa: PLC0415

        settings = RetrySettings(retries=8, base_ms=50, longest_ms=5000)
        return Retry("analyses", settings, Random())  # noqa: S311  # nosec B311  # jitter

    def _keep(self, record: Record) -> None:
        ways = [self._save, self._defer]
        if not self._rest.admits():
            self._not_saved(record, TableUnavailable("analyses: rests after a failure"))
            ways.reverse()
        errors = []
        for way in ways:
            if (error := way(record)) is None:
                return
            errors.append(str(error))
        _log.error("analysis_lost", extra={"analysis_id": record.id, "error": "; ".join(errors)})

    def _save(self, record: Record) -> TableUnavailable | None:
        """What kept the record from the table; None when it is there."""
        try:
            self.write(record)
        except TableUnavailable as error:
            if error.code is None:
                self._rest.failed()
            self._not_saved(record, error)
            return error
        self._rest.succeeded()
        return None

    def _not_saved(self, record: Record, error: TableUnavailable) -> None:
        _log.warning("Database save failed", extra={"analysis_id": record.id, "error": str(error)})

    def _defer(self, record: Record) -> QueueUnavailable | None:
        """What kept the record from the queue; None when it is there."""
        try:
            self._outbox.send(self._queue_url, new_message(record.id, record))
        except QueueUnavailable as error:
            return error
        _log.info("analysis_deferred", extra={"analysis_id": record.id})
        return None

    def _stretch(self, since: datetime | None, until: datetime | None, cursor: str | None) -> Stretch:
        """What is asked for of what is still kept."""
        kept = self._clock.now() - timedelta(days=self._retention_days)
        return stretch(max(since or kept, kept), until, cursor)

    def _page(
        self, limit: int, within: Stretch, tenant: str, *, place: str | None = None, persona: str | None = None
    ) -> HistoryPage:
        from brightspot.locations.past.table import SHARDS, streams  # noqa: PLC0415

        if within.empty:
            return HistoryPage(0, [], None)
        # Of a page spread evenly over the shards each holds limit / SHARDS; twice that seldom needs a second query.
        # A place's list is read once: the page, the row before it (a cursor's own) and the one that tells of another
        # page. It has all personas: who asks for one of them reads past the others.
        alone = limit + 2 if persona is None else max(limit + 2, _READ_AHEAD)
        ahead = alone if place is not None else 2 * limit // SHARDS + 2
        lists = streams(self._table, within, tenant=tenant, place=place, persona=persona, read_ahead=ahead)
        with reaching(self._table), access_pattern("history: a page, newest first", fan_out=len(lists)):
            # Each list's first query runs at once with the others'; what a page needs beyond is read as it is merged.
            begun = run_all({key: partial(_begin, rows) for key, rows in lists.items()}, self._deadline())
            merged = merge(*map(_value, begun.values()), key=lambda row: row.past.id, reverse=True)
            return page(merged, limit, within, self._clock.now(), persona)

    def _deadline(self) -> Deadline:
        return Deadline.after(self._clock, _READ_SECONDS)


def _begin(rows: Iterator[Listed]) -> Iterator[Listed]:
    """The same rows, the first of them read already."""
    first = next(rows, None)
    return rows if first is None else chain([first], rows)


def _value(outcome: Outcome[Iterator[Listed]]) -> Iterator[Listed]:
    if outcome.value is None:
        raise outcome.error or TableUnavailable("no answer in time")
    return outcome.value
