"""What administrators do, recorded in the audit log, and that log a page at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from brightspot.audit import Actor, AuditPage, AuditQuery, Trail, last_checkpoint, overdue, page, shared_trail
from brightspot.core.clock import Clock, SystemClock
from brightspot.core.settings import load, setting


def audited[T](
    by: Actor,
    action: str,
    target: str,
    act: Callable[[], T],
    detail: Mapping[str, object] | None = None,
    *,
    trail: Trail | None = None,
) -> T:
    """Do what an administrator asked for, and record it with its outcome; raises what `act` raises.

    `detail` is what else was asked for; what was left out of the request (None) is left out there, too.
    """
    told = {name: str(value) for name, value in (detail or {}).items() if value is not None}
    return (trail or shared_trail()).performed(by, action, target, act, told)


@dataclass(frozen=True, slots=True)
class CheckpointSettings:
    """How soon what was done should be under a signature."""

    hours: float = setting("AUDIT_CHECKPOINT_HOURS", 24.0, "hours that an entry may wait for a checkpoint", least=0.1)


def audit_page(asked: AuditQuery, trail: Trail | None = None, clock: Clock | None = None) -> AuditPage:
    """Entries of the audit log, and how far it is signed.

    Raises InputRefused for what cannot be meant, TableUnavailable.
    """
    ledger = (trail or shared_trail()).ledger
    found = page(ledger, asked)
    hours = load(CheckpointSettings).hours
    return msgspec.structs.replace(
        found,
        last_checkpoint=last_checkpoint(ledger, asked.stream),
        checkpoint_overdue=overdue(ledger, asked.stream, (clock or SystemClock()).now(), hours),
    )
