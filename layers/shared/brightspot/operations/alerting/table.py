"""The board of alerts in DynamoDB: one item, compressed, written under the condition that nobody was faster."""

from datetime import timedelta
from typing import Final

import msgspec
from backports import zstd
from pynamodb.attributes import (
    BinaryAttribute,
    NumberAttribute,
    TTLAttribute,
    UnicodeAttribute,
)
from pynamodb.models import Model

from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.operations.alerting.board import Board
from brightspot.store import StoreSettings, bind, fetch, insert

AGGREGATE: Final = "alerts"
_KEPT: Final = timedelta(days=40)  # since the last evaluation
_ID: Final = "board"
_decoder = msgspec.json.Decoder(Board)


class BoardRow(Model):
    """`board` is JSON, compressed by zstd; `version` grows by one with each write."""

    id = UnicodeAttribute(hash_key=True)
    board = BinaryAttribute(legacy_encoding=False)
    version = NumberAttribute()
    expires_at = TTLAttribute()


class TableShelf:
    """The table `<prefix>-alerts`. Safe to share between threads. Raises TableUnavailable."""

    def __init__(self, settings: StoreSettings, clock: Clock) -> None:
        self._table = bind(BoardRow, AGGREGATE, settings)
        self._clock = clock

    def load(self) -> tuple[Board, int]:
        row = fetch(self._table, _ID)
        if row is None:
            return Board(), 0
        return _decoder.decode(zstd.decompress(row.board)), int(row.version)

    def save(self, board: Board, version: int) -> bool:
        packed = zstd.compress(codec.dumps(board))
        row = self._table(_ID, board=packed, version=version + 1, expires_at=self._clock.now() + _KEPT)
        return insert(row, or_if=self._table.version == version)
