"""What administrators do, recorded in the audit log, and that log a page at a time."""

from collections.abc import Callable, Mapping

from brightspot.audit import Actor, AuditPage, AuditQuery, Trail, page, shared_trail


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


def audit_page(asked: AuditQuery, trail: Trail | None = None) -> AuditPage:
    """Entries of the audit log. Raises InputRefused for what cannot be meant, TableUnavailable."""
    return page((trail or shared_trail()).ledger, asked)
