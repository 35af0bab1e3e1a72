"""What maintenance closes: all but reads, administration and, as the gate sees to, answers from the cache."""

from typing import Final

from brightspot.core.kinds import INTERNAL
from brightspot.http.problems import Problem
from brightspot.resilience.maintenance import Maintenance
from brightspot.security import Need

_READS: Final = ("GET", "HEAD", "OPTIONS")

# Who ends the maintenance must be let in meanwhile.
_ENTRANCES: Final = frozenset(f"POST /api/auth/{each}" for each in ("login", "refresh", "logout", "token"))


def closed_by(maintenance: Maintenance, route: str, function: str, need: Need) -> Problem | None:
    """What a request is told that cannot be served now; None for one that can."""
    method = route.partition(" ")[0]
    if method in _READS or route in _ENTRANCES or need == "admin" or not maintenance.closes(function):
        return None
    reason = f" ({maintenance.reason})" if maintenance.reason else ""
    detail = f"closed for maintenance{reason}; reads and cached answers are served, send this again later"
    seconds = {"Retry-After": str(maintenance.retry_after_seconds)}
    return Problem(503, "Under maintenance", detail, INTERNAL.name, headers=seconds)
