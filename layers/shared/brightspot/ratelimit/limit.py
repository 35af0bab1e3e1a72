"""How much is allowed in how long, and how that is counted."""

from dataclasses import dataclass
from typing import Literal

Algorithm = Literal["log", "gcra"]
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True, slots=True)
class Limit:
    """`count` units in `seconds`. Raises ValueError unless both are positive.

    `log` is an exact sliding log: at most `count` units in any `seconds`, and `count` always get through. It keeps one
    time per unit. `gcra` smooths (generic cell rate algorithm) and keeps one number: a unit comes back every
    seconds / count, so after a rest `count` pass at once, and any stretch of d seconds lets at most
    count + d * count / seconds through: up to 2 * count - 1 in one window (docs/rate-limits.md has the proof).
    """

    count: int
    seconds: float
    algorithm: Algorithm = "log"

    def __post_init__(self) -> None:
        if self.count < 1 or not self.seconds > 0:
            raise ValueError(f"a limit needs a positive count and time, not {self.count} in {self.seconds} s")

    def __str__(self) -> str:
        """As the API tells it: `30 per 1 minute`."""
        size, unit = next((each for each in _UNITS if self.seconds % each[0] == 0), _UNITS[-1])
        multiple = self.seconds / size
        return f"{self.count} per {multiple:.10g} {unit}{'s' if multiple > 1 else ''}"

    @property
    def microseconds(self) -> int:
        return round(self.seconds * 1_000_000)


def per_minute(count: int) -> Limit:
    """`count` units in any 60 s, exactly."""
    return Limit(count, 60)
