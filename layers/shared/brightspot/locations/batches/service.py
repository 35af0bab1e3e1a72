"""Takes a batch in, hands out what is not answered yet, waits a while, and tells what has come of it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgspec

from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.core.errors import NotFound
from brightspot.core.ids import is_id, new_id
from brightspot.locations.batches.dispatch import Dispatch, item_of
from brightspot.locations.batches.pages import progress, recorded, unrecorded
from brightspot.locations.batches.plan import planned
from brightspot.locations.batches.request import BatchRequest
from brightspot.locations.batches.seam import Batches
from brightspot.locations.batches.settings import BatchSettings
from brightspot.locations.batches.shapes import Batch, Claim, Found, Plan
from brightspot.locations.request import AnalyzeRequest, RequestRefused
from brightspot.resilience import Deadline
from brightspot.store import TableUnavailable
from brightspot.telemetry import BATCH_JOBS, count

_FIRST_PAUSE_SECONDS: Final = 0.2
_MOST_PAUSE_SECONDS: Final = 1.0
_SLOWER: Final = 1.5
_SECONDS_A_DAY: Final = 86400
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose batch it is: of which `tenant`, and who of it, as far as that is known."""

    tenant: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """`body` is a BatchAnswer in JSON, or a BatchProgress when a batch that runs was not waited for any longer.

    `batch_id` is what to ask for again; None when there is nothing more to ask for.
    """

    body: bytes
    is_finished: bool
    batch_id: str | None


class BatchService:
    """Takes in batches and tells of them. Safe to share between threads."""

    def __init__(
        self,
        *,
        store: Batches,
        dispatch: Dispatch,
        kept: Callable[[Sequence[str]], Sequence[bytes | None]],
        key_of: Callable[[AnalyzeRequest, str], str],
        clock: Clock,
        sleep: Callable[[float], None],
        settings: BatchSettings,
    ) -> None:
        """`key_of` gives the key of a question that a tenant asks, `kept` the answers that are kept by such keys."""
        self._store = store
        self._dispatch = dispatch
        self._kept = kept
        self._key_of = key_of
        self._clock = clock
        self._sleep = sleep
        self._settings = settings

    def submit(
        self, request: BatchRequest, asker: Asker, *, wait_seconds: float, deadline: Deadline, key: str | None = None
    ) -> Reply:
        """What came of a batch, or how far it is when `wait_seconds` or the `deadline` are over.

        One `key` of an asker stands for one batch: what has not been answered of it is handed out again. Raises
        RequestRefused for a key that stands for another request, and TableUnavailable when nothing was taken in.
        """
        made = planned(request, self._clock.now(), lambda each: self._key_of(each, asker.tenant))
        found = {slot: each for slot, each in enumerate(self._kept(made.keys)) if each is not None}
        batch = self._batch(made.plan, asker)
        if key is not None:
            batch = msgspec.structs.replace(batch, id=self._claimed(batch, asker, key, request.fingerprint()))
        elif (whole := unrecorded(made.plan, found, self._settings.page_bytes)) is not None:
            count(BATCH_JOBS, outcome="answered")
            return Reply(whole, is_finished=True, batch_id=None)
        batch, pending = self._taken_in(batch, found)
        self._hand_out(batch, pending, deadline)
        return self._awaited(batch, pending, deadline.within(wait_seconds))

    def look(self, batch_id: str, tenant: str, cursor: str | None = None) -> Reply:
        """What has come of a batch so far, a page at a time.

        Raises NotFound for one that this tenant does not have, and InputRefused for a cursor that is not the batch's.
        """
        known = self._store.read(batch_id) if is_id(batch_id) else None
        if known is None or known[0].tenant != tenant:
            days = f"{self._settings.kept_days:g}"
            raise NotFound(f"there is no such batch; one is kept for {days} days, and must be sent again then")
        batch, found = known
        now = self._clock.now().timestamp()
        page = recorded(batch, found, now, cursor, self._settings.page_bytes)
        return Reply(page.body, page.is_complete, batch_id)

    def _batch(self, plan: Plan, asker: Asker) -> Batch:
        now = self._clock.now()
        at = now.timestamp()
        return Batch(
            id=new_id(now),
            tenant=asker.tenant,
            created_at=round(at, 3),
            answer_by=round(at + self._settings.answer_seconds, 3),
            expires_at=int(at + self._settings.kept_days * _SECONDS_A_DAY),
            plan=plan,
        )

    def _claimed(self, batch: Batch, asker: Asker, key: str, fingerprint: str) -> str:
        """The id of the batch that the key stands for."""
        whose = sha256(codec.dumps([asker.tenant, asker.subject, key])).hexdigest()
        held = self._store.claim(Claim(whose, batch.id, fingerprint, batch.expires_at))
        if held.fingerprint != fingerprint:
            raise RequestRefused(
                "Idempotency-Key", "this key stands for another request; send a new key, or the same body as before"
            )
        return held.batch

    def _taken_in(self, batch: Batch, found: Mapping[int, Found]) -> tuple[Batch, frozenset[int]]:
        """The batch as it is remembered, and what waits: this one, unless an earlier one has its id by the same key."""
        known = None if self._store.create(batch, found) else self._store.read(batch.id)
        count(BATCH_JOBS, outcome="taken_in" if known is None else "repeated")
        batch, found = known or (batch, found)
        return batch, batch.pending(frozenset(found))

    def _hand_out(self, batch: Batch, pending: frozenset[int], deadline: Deadline) -> None:
        if not self._waits(batch, pending):
            return
        faults = self._dispatch.hand_out(batch, pending, deadline)
        for slot, fault in faults.items():
            _log.warning("batch_item_not_sent", extra={"batch": batch.id, "slot": slot, "error": fault.error})
            self._store.finish(item_of(batch, slot), fault)

    def _awaited(self, batch: Batch, pending: frozenset[int], deadline: Deadline) -> Reply:
        pending, pause = self._pending(batch, pending), _FIRST_PAUSE_SECONDS
        while self._waits(batch, pending) and deadline.remaining() > 0:
            self._sleep(min(pause, deadline.remaining()))
            pending, pause = self._pending(batch, pending), min(pause * _SLOWER, _MOST_PAUSE_SECONDS)
        if not self._waits(batch, pending):
            try:
                return self.look(batch.id, batch.tenant)
            except TableUnavailable as error:
                _log.warning("batch_unread", extra={"batch": batch.id, "error": str(error)})
        return Reply(codec.dumps(progress(batch, pending)), is_finished=False, batch_id=batch.id)

    def _pending(self, batch: Batch, before: frozenset[int]) -> frozenset[int]:
        """Which slots wait; as many as before when that cannot be known: the batch itself goes on."""
        try:
            return batch.pending(self._store.answered(batch.id)) if before else before
        except TableUnavailable as error:
            _log.warning("batch_unread", extra={"batch": batch.id, "error": str(error)})
            return before

    def _waits(self, batch: Batch, pending: frozenset[int]) -> bool:
        return bool(pending) and self._clock.now().timestamp() < batch.answer_by
