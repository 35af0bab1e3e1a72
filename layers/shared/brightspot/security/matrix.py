"""The one matrix: which route needs what, and what that means for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from brightspot.security.caller import PERMISSIONS, Caller
from brightspot.security.errors import AccessRefused
from brightspot.security.permissions import NEEDS, AccessSettings, Need, authorize

_CALLERS: dict[str, Caller | None] = {
    "nobody": None,
    "user": Caller("user"),
    **{f"{each} token": Caller("user", frozenset({each})) for each in PERMISSIONS},
}
_MODES = {"": AccessSettings(required=True), "open: ": AccessSettings(required=False)}


@dataclass(frozen=True, slots=True, order=True)
class Access:
    """One route, such as GET /api/v1/history, and what it needs. Raises ValueError for a need that is none."""

    path: str
    method: str
    need: Need

    def __post_init__(self) -> None:
        if self.need not in NEEDS:
            raise ValueError(f"{self.method} {self.path}: no such need: {self.need!r}")


def table(routes: Iterable[Access]) -> str:
    """The routes as a Markdown table, by path: need, then "yes" or the status that each caller gets, in either mode.

    Every cell is asked of `authorize`. Raises ValueError when a route is declared twice.
    """
    rows = sorted(routes)
    for one, other in pairwise(rows):
        if (one.path, one.method) == (other.path, other.method):
            raise ValueError(f"{one.method} {one.path} is declared twice")
    heads = ["route", "needs", *(f"{mode}{name}" for mode in _MODES for name in _CALLERS)]
    lines = [heads, ["---"] * len(heads), *(_row(each) for each in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(route: Access) -> list[str]:
    outcomes = [_outcome(route.need, caller, mode) for mode in _MODES.values() for caller in _CALLERS.values()]
    return [f"{route.method} {route.path}", route.need, *outcomes]


def _outcome(need: Need, caller: Caller | None, mode: AccessSettings) -> str:
    try:
        authorize(need, caller, mode)
    except AccessRefused as refused:
        return str(refused.status)
    return "yes"
