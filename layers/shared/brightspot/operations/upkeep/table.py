"""Runs of maintenance tasks in DynamoDB: key `task` and start; a task's hold is a row of the same partition."""

from datetime import UTC, datetime
from typing import Final

import msgspec
from backports import zstd
from pynamodb.attributes import BinaryAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

from brightspot.core import codec
from brightspot.operations.upkeep.run import KEPT, MaintenanceRun, TaskHold
from brightspot.store import StoreSettings, access_pattern, bind, insert, reaching, remove

AGGREGATE: Final = "maintenance-runs"
_HOLD: Final = "hold"  # after every moment, whose first sign is a digit
_AFTER_ALL_RUNS: Final = "9999"
_runs = msgspec.json.Decoder(MaintenanceRun)
_holds = msgspec.json.Decoder(TaskHold)


class RunRow(Model):
    """`body` is JSON, compressed by zstd: of a run, or of a hold, which has a `version` and does not expire."""

    task = UnicodeAttribute(hash_key=True)
    started_at = UnicodeAttribute(range_key=True)
    body = BinaryAttribute(legacy_encoding=False)
    version = NumberAttribute(null=True)
    expires_at = TTLAttribute(null=True)


class TableRuns:
    """The table `<prefix>-maintenance-runs`. Safe to share between threads. Raises TableUnavailable."""

    def __init__(self, settings: StoreSettings) -> None:
        self._table = bind(RunRow, AGGREGATE, settings)

    @access_pattern("maintenance: what is remembered of a task")
    def hold(self, task: str) -> tuple[TaskHold, int]:
        row = self._row(task, _HOLD)
        return (TaskHold(), 0) if row is None else (_holds.decode(zstd.decompress(row.body)), int(row.version or 0))

    @access_pattern("maintenance: take or give back a task")
    def keep_hold(self, task: str, hold: TaskHold, version: int) -> bool:
        row = self._table(task, _HOLD, body=_packed(hold), version=version + 1)
        return insert(row, or_if=self._table.version == version)

    @access_pattern("maintenance: keep a run")
    def keep(self, run: MaintenanceRun) -> None:
        row = self._table(run.task, _text(run.started_at), body=_packed(run), expires_at=run.started_at + KEPT)
        with reaching(self._table):
            row.save()

    @access_pattern("maintenance: a run by its start")
    def read(self, task: str, started_at: datetime) -> MaintenanceRun | None:
        row = self._row(task, _text(started_at))
        return None if row is None else _run(row)

    @access_pattern("maintenance: the latest runs of a task")
    def newest(self, task: str, most: int, below: datetime | None = None) -> list[MaintenanceRun]:
        within = self._table.started_at < (_AFTER_ALL_RUNS if below is None else _text(below))
        return [_run(each) for each in self._rows(task, within, most, forward=False)]

    @access_pattern("maintenance: the first run of a task")
    def oldest(self, task: str) -> MaintenanceRun | None:
        within = self._table.started_at < _AFTER_ALL_RUNS
        return next((_run(each) for each in self._rows(task, within, 1, forward=True)), None)

    @access_pattern("maintenance: delete runs that are too old")
    def forget(self, task: str, now: datetime, most: int, *, dry_run: bool) -> int:
        old = self._rows(task, self._table.started_at <= _text(now - KEPT), most, forward=True)
        return len(old) if dry_run else sum(remove(each, self._table.started_at.exists()) for each in old)

    def _row(self, task: str, key: str) -> RunRow | None:
        with reaching(self._table):
            try:
                return self._table.get(task, key, consistent_read=True)
            except self._table.DoesNotExist:
                return None

    def _rows(self, task: str, within: Condition, most: int, *, forward: bool) -> list[RunRow]:
        with reaching(self._table):
            found = self._table.query(
                task, within, limit=most, page_size=most, scan_index_forward=forward, consistent_read=True
            )
            return list(found)


def _packed(told: MaintenanceRun | TaskHold) -> bytes:
    return zstd.compress(codec.dumps(told))


def _run(row: RunRow) -> MaintenanceRun:
    return _runs.decode(zstd.decompress(row.body))


def _text(at: datetime) -> str:
    """In the order of time: always with six digits of a second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
