"""Health over time in DynamoDB: one item for the probes of an hour, one for the hours of a day, each compressed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from backports import zstd
from pynamodb.attributes import (  # nosemgrep: vendor-past-its-adapter  # this is the adapter
    BinaryAttribute,
    NumberAttribute,
    TTLAttribute,
    UnicodeAttribute,
)
from pynamodb.models import Model  # nosemgrep: vendor-past-its-adapter  # as above

from brightspot.core import codec
from brightspot.operations.health_history import HealthPoint
from brightspot.store import StoreSettings, access_pattern, bind, fetch, fetch_all, insert
from brightspot.store.deletions import delete_expired

AGGREGATE: Final = "health"
_TRIES: Final = 5
_points = msgspec.json.Decoder(list[HealthPoint])


class HealthRow(Model):
    """`points` is JSON, compressed by zstd; `size` is how many there are, and what two writers are told apart by."""

    shelf = UnicodeAttribute(hash_key=True)
    points = BinaryAttribute(legacy_encoding=False)
    size = NumberAttribute()
    expires_at = TTLAttribute()


class TableShelves:
    """The table `<prefix>-health`. Safe to share between threads. Raises TableUnavailable."""

    def __init__(self, settings: StoreSettings) -> None:
        self._table = bind(HealthRow, AGGREGATE, settings)

    @access_pattern("health: add a point")
    def append(self, shelf: str, point: HealthPoint, expires_at: datetime) -> None:
        """Two that append at once both succeed, one after the other."""
        for _ in range(_TRIES):
            row = fetch(self._table, shelf)
            points = [] if row is None else _unpacked(row)
            packed = zstd.compress(codec.dumps([*points, point]))
            new = self._table(shelf, points=packed, size=len(points) + 1, expires_at=expires_at)
            if insert(new, or_if=self._table.size == len(points)):
                return
        raise RuntimeError(f"{_TRIES} others wrote {shelf} at once")

    @access_pattern("health: points of some shelves")
    def read(self, shelves: Sequence[str]) -> list[HealthPoint]:
        return [point for row in fetch_all(self._table, shelves) for point in _unpacked(row)]

    @access_pattern("health: delete what is expired")
    def forget(self, shelves: Sequence[str], now: datetime, *, dry_run: bool) -> int:
        """Delete those of at most a hundred shelves that are expired; how many were, or in a dry run would be."""
        return delete_expired(self._table, self._table.expires_at, shelves, now, dry_run=dry_run)


def _unpacked(row: HealthRow) -> list[HealthPoint]:
    return _points.decode(zstd.decompress(row.points))
