"""Maintenance seen and switched by hand."""

import re
from collections.abc import Sequence

from brightspot.core.errors import InputRefused
from brightspot.resilience.maintenance import DAY_SECONDS, Maintenance, MaintenanceSwitch, shared_maintenance

_NAME = re.compile(r"[a-z][a-z-]{0,39}")
_MOST_FUNCTIONS = 20
_LONGEST_REASON = 200


def maintenance_state(switch: MaintenanceSwitch | None = None) -> Maintenance:
    """What holds now; with the shared store away, what the settings say."""
    return (switch or shared_maintenance()).state()


def switch_maintenance(
    *,
    on: bool,
    retry_after_seconds: int | None = None,
    functions: Sequence[str] = (),
    reason: str = "",
    switch: MaintenanceSwitch | None = None,
) -> Maintenance:
    """Turn it on or off for all instances.

    Raises InputRefused for what cannot be meant, StoreUnavailable when the other instances cannot be told.
    """
    if retry_after_seconds is not None and not 1 <= retry_after_seconds <= DAY_SECONDS:
        raise InputRefused("retry_after_seconds", f"send 1 to {DAY_SECONDS}")
    if len(functions) > _MOST_FUNCTIONS or not all(_NAME.fullmatch(each) for each in functions):
        raise InputRefused("functions", f"send at most {_MOST_FUNCTIONS} names as RateLimit-Policy has them: batch")
    if len(reason) > _LONGEST_REASON or not reason.isprintable():
        raise InputRefused("reason", f"send one line of at most {_LONGEST_REASON} characters")
    chosen = switch or shared_maintenance()
    return chosen.turn(on=on, retry_after_seconds=retry_after_seconds, functions=tuple(functions), reason=reason)


def forget_maintenance(switch: MaintenanceSwitch | None = None) -> Maintenance:
    """Let the settings hold again. Raises StoreUnavailable when the other instances cannot be told."""
    return (switch or shared_maintenance()).forget()
