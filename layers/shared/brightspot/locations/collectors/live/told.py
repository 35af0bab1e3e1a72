"""What came of asking a live source in one analysis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from brightspot.locations.collectors.live.source import Found
from brightspot.resilience import Result

Way = Literal["live", "copy", "stale_copy", "embedded", "silent"]


@dataclass(frozen=True, slots=True)
class Told:
    """Which way the values came, and what the breaker must know.

    `value` is what the source told, `found` what that says about points. `live`: asked just now. `copy`: a fresh copy.
    `stale_copy`: an old one, since the source failed. `embedded`: it failed and nothing stands in but the embedded
    data. `silent`: it has nothing to say about this site. `reason` says why it was not `live` or `copy`. `called` is
    the outcome of the call, None when none was made.
    """

    source: str
    way: Way
    milliseconds: float
    value: Any = None
    found: Sequence[Found] = ()
    age_seconds: float | None = None
    reason: str | None = None
    called: Result | None = None
