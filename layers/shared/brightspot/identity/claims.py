"""Idempotency keys in DynamoDB, in the table of sessions: a key is claimed once, and has one answer."""

from functools import cached_property
from typing import TYPE_CHECKING

from brightspot.core.clock import Clock
from brightspot.identity.model import Claim
from brightspot.store import StoreSettings, TableUnavailable, access_pattern, bind, fetch, insert, update

if TYPE_CHECKING:
    from brightspot.identity.table import ClaimRow


class DynamoClaims:
    """Rows of the table `<prefix>-sessions`. Safe to share between threads."""

    def __init__(self, settings: StoreSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    @access_pattern("sessions: claim an idempotency key")
    def claim(self, claim: Claim, expires_at: int) -> Claim:
        from brightspot.identity.table import claim_in, row_of_claim  # noqa: PLC0415

        row = row_of_claim(self._table, claim, expires_at)
        if insert(row, or_if=self._table.expires_at < self._clock.now()):
            return claim
        return claim_in(self._held(row.id), claim.key)

    @access_pattern("sessions: keep the answer to an idempotency key")
    def answer(self, key: str, answer: bytes) -> bytes | None:
        from brightspot.identity.table import key_of_claim  # noqa: PLC0415

        table, row_id = self._table, key_of_claim(key)
        if update(table(id=row_id), [table.answer.set(answer)], table.id.exists() & table.answer.does_not_exist()):
            return None
        return self._held(row_id).answer

    def _held(self, row_id: str) -> "ClaimRow":
        row = fetch(self._table, row_id)
        if row is None:
            raise TableUnavailable("sessions: what was there a moment ago is gone")
        return row

    @cached_property
    def _table(self) -> "type[ClaimRow]":
        from brightspot.identity.table import SESSIONS, ClaimRow  # noqa: PLC0415

        return bind(ClaimRow, SESSIONS, self._settings)
