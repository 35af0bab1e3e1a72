"""Figures over time in DynamoDB: one item for an hour, one for a day, each compressed."""

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
from brightspot.operations.rollups import Fields, greater
from brightspot.store import StoreSettings, access_pattern, bind, fetch, fetch_all, insert
from brightspot.store.deletions import delete_expired

AGGREGATE: Final = "figures"
_TRIES: Final = 5
_LARGE: Final = 400_000  # bytes: every figure of an hour
_fields = msgspec.json.Decoder(dict[str, int])


class FiguresRow(Model):
    """`fields` is JSON, compressed by zstd; `version` counts the writes, and is what two writers are told apart by."""

    span = UnicodeAttribute(hash_key=True)
    fields = BinaryAttribute(legacy_encoding=False)
    version = NumberAttribute()
    expires_at = TTLAttribute()


class TableShelf:
    """The table `<prefix>-figures`. Safe to share between threads. Raises TableUnavailable."""

    def __init__(self, settings: StoreSettings) -> None:
        self._table = bind(FiguresRow, AGGREGATE, settings)

    @access_pattern("figures: join those of a span", item_bytes=_LARGE)
    def join(self, key: str, fields: Fields, expires_at: datetime) -> None:
        """Two that join at once both succeed, one after the other."""
        for _ in range(_TRIES):
            row = fetch(self._table, key)
            version, kept = (0, {}) if row is None else (int(row.version), _unpacked(row))
            packed = zstd.compress(codec.dumps(greater(kept, fields)))
            new = self._table(key, fields=packed, version=version + 1, expires_at=expires_at)
            if insert(new, or_if=self._table.version == version):
                return
        raise RuntimeError(f"{_TRIES} others wrote {key} at once")

    @access_pattern("figures: those of some spans", item_bytes=_LARGE)
    def read(self, keys: Sequence[str]) -> dict[str, Fields]:
        return {str(row.span): _unpacked(row) for row in fetch_all(self._table, keys)}

    @access_pattern("figures: delete what is expired", item_bytes=_LARGE)
    def forget(self, keys: Sequence[str], now: datetime, *, dry_run: bool) -> int:
        """Delete those of at most a hundred spans that are expired; how many were, or in a dry run would be."""
        return delete_expired(self._table, self._table.expires_at, keys, now, dry_run=dry_run)


def _unpacked(row: FiguresRow) -> Fields:
    return _fields.decode(zstd.decompress(row.fields))
