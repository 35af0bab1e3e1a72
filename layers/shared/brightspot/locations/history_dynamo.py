"""The history in DynamoDB: one write inside the request, and a message when that fails, so that nothing is lost."""

import logging
from datetime import datetime
from functools import cached_property, partial
from heapq import merge
from itertools import chain
from typing import TYPE_CHECKING, Final

from brightspot.core.clock import Clock
from brightspot.locations.analysis import Analysis
from brightspot.locations.history_paging import Stretch, page, stretch
from brightspot.locations.history_shapes import (
    FailedAnalysis,
    HistoryPage,
    Listed,
    Record,
    analysis_in,
    record_of,
    record_of_failed,
)
from brightspot.resilience import Deadline, Outcome, run_all
from brightspot.store import (
    Outbox,
    QueueUnavailable,
    StoreSettings,
    TableUnavailable,
    bind,
    insert,
    new_message,
    reaching,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from brightspot.locations.history_table import AnalysisRow

_READ_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


class DynamoHistory:
    """Analyses in the table `<prefix>-analyses`. Safe to share between threads.

    Recording takes one PutItem, at most a second; when that fails, one message to `queue_url`, at most a second more.
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

    def record(self, analysis: Analysis, normal_form: str) -> None:
        self._keep(record_of(analysis, normal_form, self._retention_days))

    def record_failed(self, failed: FailedAnalysis) -> None:
        self._keep(record_of_failed(failed, self._retention_days))

    def write(self, record: Record) -> None:
        """Save a record; one that is there already stays as it is. Raises TableUnavailable."""
        from brightspot.locations.history_table import row_of  # noqa: PLC0415  # pynamodb: only who writes pays

        written = insert(row_of(self._table, record))
        _log.info("Saved analysis", extra={"analysis_id": record.id, "place": record.place, "new": written})

    def recent(
        self,
        limit: int,
        persona: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
    ) -> HistoryPage:
        return self._page(limit, stretch(since, until, cursor), persona=persona)

    def of_place(
        self,
        normal_form: str,
        limit: int,
        cursor: str | None = None,
        *,
        persona: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> HistoryPage:
        return self._page(limit, stretch(since, until, cursor), persona=persona, place=normal_form)

    def get(self, analysis_id: str) -> Analysis | None:
        """The full answer; None when it is not remembered, or was never finished. Raises TableUnavailable."""
        table = self._table
        with reaching(table):
            try:
                row = table.get(analysis_id, consistent_read=True)
            except table.DoesNotExist:
                return None
        return analysis_in(row.body) if row.expires_at > self._clock.now() else None

    def count(self) -> int:
        """About how many are remembered: DynamoDB counts every six hours or so. Raises TableUnavailable."""
        with reaching(self._table):
            return int(self._table.describe_table()["ItemCount"])

    @cached_property
    def _table(self) -> "type[AnalysisRow]":
        from brightspot.locations.history_table import AGGREGATE, AnalysisRow  # noqa: PLC0415

        return bind(AnalysisRow, AGGREGATE, self._settings)

    def _keep(self, record: Record) -> None:
        try:
            self.write(record)
        except TableUnavailable as error:
            _log.warning("Database save failed", extra={"analysis_id": record.id, "error": str(error)})
            self._defer(record)

    def _defer(self, record: Record) -> None:
        try:
            self._outbox.send(self._queue_url, new_message(record.id, record))
        except QueueUnavailable as error:
            _log.exception("analysis_lost", extra={"analysis_id": record.id, "error": str(error)})
        else:
            _log.info("analysis_deferred", extra={"analysis_id": record.id})

    def _page(
        self, limit: int, within: Stretch, *, place: str | None = None, persona: str | None = None
    ) -> HistoryPage:
        from brightspot.locations.history_table import SHARDS, streams  # noqa: PLC0415

        # Of a page spread evenly over the shards each holds limit / SHARDS; twice that seldom needs a second query.
        ahead = limit + 1 if place is not None else 2 * limit // SHARDS + 2
        lists = streams(self._table, within, place=place, persona=persona, read_ahead=ahead)
        with reaching(self._table):
            # Each list's first query runs at once with the others'; what a page needs beyond is read as it is merged.
            begun = run_all({key: partial(_begin, rows) for key, rows in lists.items()}, self._deadline())
            merged = merge(*map(_value, begun.values()), key=lambda row: row.past.id, reverse=True)
            wanted = (row for row in merged if persona in {None, row.past.persona})
            return page(wanted, limit, within, self._clock.now())

    def _deadline(self) -> Deadline:
        return Deadline.after(self._clock, _READ_SECONDS)


def _begin(rows: "Iterator[Listed]") -> "Iterator[Listed]":
    """The same rows, the first of them read already."""
    first = next(rows, None)
    return rows if first is None else chain([first], rows)


def _value(outcome: "Outcome[Iterator[Listed]]") -> "Iterator[Listed]":
    if outcome.value is None:
        raise outcome.error or TableUnavailable("no answer in time")
    return outcome.value
