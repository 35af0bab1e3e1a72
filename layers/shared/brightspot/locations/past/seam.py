"""Where analyses are remembered: the seam, and its in-memory form for a process that has no table."""

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.ids import earliest_id
from brightspot.locations.analysis import Analysis
from brightspot.locations.past.paging import page, stretch
from brightspot.locations.past.shapes import (
    DEFAULT_RETENTION_DAYS,
    FailedAnalysis,
    HistoryPage,
    Record,
    Stored,
    analysis_in,
    record_of,
    record_of_failed,
    stored_in,
)
from brightspot.resilience import Deadline
from brightspot.security import SHARED_TENANT


class History(Protocol):
    """Remembers each analysis once, by its id, before its answer leaves; lists what it remembers newest first.

    Each analysis is one tenant's, and to every other tenant it is not there.
    Recording never fails a request. The lists take a `since` (inclusive) and an `until` (exclusive), raise InputRefused
    for a cursor that is not theirs, and raise TableUnavailable when they cannot be read.
    """

    @property
    def backend(self) -> str: ...

    def record(self, analysis: Analysis, normal_form: str, tenant: str = SHARED_TENANT) -> None: ...

    def record_failed(self, failed: FailedAnalysis, tenant: str = SHARED_TENANT) -> None: ...

    def recent(
        self,
        limit: int,
        persona: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        *,
        tenant: str = SHARED_TENANT,
    ) -> HistoryPage: ...

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
    ) -> HistoryPage: ...

    def get(self, analysis_id: str, tenant: str = SHARED_TENANT) -> Analysis | None: ...

    def stored(self, analysis_id: str, tenant: str = SHARED_TENANT) -> Stored | None: ...

    def count(self) -> int: ...

    def made_before(self, moment: datetime) -> Iterator[str]:
        """The ids of what was made before a moment, the oldest of each list first."""
        ...

    def forget(self, ids: Sequence[str], deadline: Deadline) -> None:
        """Delete at most 25 analyses; one that is not there is no failure. Raises TableUnavailable."""
        ...


class MemoryHistory:
    """The latest analyses of this process; what has expired makes room when the next one comes."""

    backend = "in-memory"

    def __init__(
        self, keep: int = 1000, clock: Clock | None = None, retention_days: float = DEFAULT_RETENTION_DAYS
    ) -> None:
        self._records: dict[str, Record] = {}
        self._keep = keep
        self._clock = clock or SystemClock()
        self._retention_days = retention_days
        self._lock = threading.Lock()

    def record(self, analysis: Analysis, normal_form: str, tenant: str = SHARED_TENANT) -> None:
        self._add(record_of(analysis, normal_form, self._retention_days, tenant))

    def record_failed(self, failed: FailedAnalysis, tenant: str = SHARED_TENANT) -> None:
        self._add(record_of_failed(failed, self._retention_days, tenant))

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
        rows = (row.listed() for row in self._newest_first(tenant) if persona in {None, row.persona})
        return page(rows, limit, stretch(since, until, cursor), self._clock.now())

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
        rows = (row.listed() for row in self._newest_first(tenant) if row.place == normal_form)
        return page(rows, limit, stretch(since, until, cursor), self._clock.now(), persona)

    def get(self, analysis_id: str, tenant: str = SHARED_TENANT) -> Analysis | None:
        """The full answer; None when it is not remembered, or was never finished."""
        return analysis_in(self.stored(analysis_id, tenant))

    def stored(self, analysis_id: str, tenant: str = SHARED_TENANT) -> Stored | None:
        """What is remembered of it; None when it is not there, is another tenant's, or has expired."""
        with self._lock:
            found = self._records.get(analysis_id)
        if found is None or found.tenant != tenant or found.expires_at <= self._clock.now().timestamp():
            return None
        return stored_in(found.body, found.reason)

    def count(self) -> int:
        """How many are remembered now."""
        with self._lock:
            return len(self._records)

    def made_before(self, moment: datetime) -> Iterator[str]:
        with self._lock:
            return iter(sorted(each for each in self._records if each < earliest_id(moment)))

    def forget(self, ids: Sequence[str], deadline: Deadline) -> None:  # noqa: ARG002  # nothing to wait for
        with self._lock:
            for each in ids:
                self._records.pop(each, None)

    def _add(self, record: Record) -> None:
        now = self._clock.now().timestamp()
        with self._lock:
            for each in [each for each, kept in self._records.items() if kept.expires_at <= now]:
                del self._records[each]
            self._records.setdefault(record.id, record)
            if len(self._records) > self._keep:
                del self._records[min(self._records)]

    def _newest_first(self, tenant: str) -> list[Record]:
        with self._lock:
            rows = [self._records[each] for each in sorted(self._records, reverse=True)]
        return [each for each in rows if each.tenant == tenant]
