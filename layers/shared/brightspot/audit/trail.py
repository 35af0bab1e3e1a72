"""The audit log of this process: records what administrators do, shows it, and makes checkpoints of it."""

import logging
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random
from typing import Final

import msgspec

from brightspot.audit.canonical import canonical
from brightspot.audit.checkpoint import Checkpoint, new_checkpoint
from brightspot.audit.dynamo import DynamoLedger
from brightspot.audit.entry import Entry, Event, Outcome
from brightspot.audit.ledger import Ledger, MemoryLedger
from brightspot.audit.signing import Signer
from brightspot.core.clock import Clock, SystemClock, rfc3339_ms
from brightspot.core.errors import BrightspotError, InputRefused
from brightspot.core.kinds import VALIDATION, kind_of
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot
from brightspot.store import AwsUnavailable, StoreSettings
from brightspot.telemetry import AUDIT_UNRECORDED, count

ADMIN: Final = "admin"  # the stream of what administrators do
_LONGEST: Final = 200
_log = logging.getLogger(__name__)


class Actor(msgspec.Struct, frozen=True):
    """Who acts, on which request, from where."""

    subject: str
    tenant: str
    client: str
    request_id: str


class Trail:
    """Safe to share between threads."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self.ledger = ledger
        self._clock = clock

    def performed[T](
        self, by: Actor, action: str, target: str, act: Callable[[], T], detail: Mapping[str, str] | None = None
    ) -> T:
        """Do something and record what came of it: done, refused (as the caller's mistake) or failed.

        Whatever `act` raises is raised again, once it is recorded.
        """
        told = dict(detail or {})
        try:
            done = act()
        except Exception as error:
            outcome: Outcome = "refused" if kind_of(error).name == VALIDATION.name else "failed"
            why = str(error) if isinstance(error, BrightspotError) else type(error).__name__
            self.record(by, action, target, outcome, {**told, "reason": why})
            raise
        self.record(by, action, target, "done", told)
        return done

    def record(
        self, by: Actor, action: str, target: str, outcome: Outcome, detail: Mapping[str, str] | None = None
    ) -> Entry | None:
        """Append to the stream of administrators; None when the log did not take it.

        An action is not undone for that, and not lost without a word: the event `audit_unrecorded` holds all of it, and
        `AuditUnrecorded` sets off an alarm.
        """
        event = Event(
            at=self._now(),
            actor=_clean(by.subject),
            tenant=_clean(by.tenant),
            action=action,
            target=_clean(target),
            outcome=outcome,
            request_id=_clean(by.request_id),
            client=_clean(by.client),
            detail={name: _clean(text) for name, text in (detail or {}).items()},
        )
        try:
            return self.ledger.append(ADMIN, event)
        except AwsUnavailable as error:
            told = canonical(msgspec.to_builtins(event)).decode()
            _log.critical("audit_unrecorded", extra={"audit_event": told, "error": str(error)})
            count(AUDIT_UNRECORDED)
            return None

    def checkpoint(self, signer: Signer, stream: str = ADMIN) -> Checkpoint | None:
        """Sign what came since the last checkpoint; None when nothing did, or another instance was faster.

        Raises InputRefused when those entries are not as they were written: what is broken is never signed.
        """
        from brightspot.audit.verification import chain_faults  # noqa: PLC0415  # only checkpoints need it

        last = self.ledger.last_checkpoint(stream)
        whole = list(self.ledger.entries(stream))
        if faults := chain_faults(stream, whole):
            raise InputRefused(
                "stream", f"it is broken at entry {faults[0].number} ({faults[0].kind}); verify it first"
            )
        new = whole[last.statement.last if last is not None else 0 :]
        if not new:
            return None
        made = new_checkpoint(new, last, self._now(), signer)
        return made if self.ledger.keep(made) else None

    def _now(self) -> str:
        return rfc3339_ms(self._clock.now())


def _clean(text: str) -> str:
    """Short enough for a row, and text that has UTF-8."""
    return text[:_LONGEST].encode("utf-8", "replace").decode()


@lru_cache(maxsize=1)
def shared_trail() -> Trail:
    """The audit log that the environment describes. Opens no connection yet."""
    return Trail(_table() or MemoryLedger(), SystemClock())


@lru_cache(maxsize=1)
def _table() -> DynamoLedger | None:
    store = load(StoreSettings)
    return DynamoLedger(store, time.sleep, Random()) if store.table_prefix else None  # noqa: S311  # nosec B311  # jitter


@before_snapshot
def _prepare() -> None:
    if (table := _table()) is not None:
        table.prepare()
