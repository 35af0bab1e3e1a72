"""Settings of circuit breakers: when one opens, for how long, and what closes it."""

from dataclasses import dataclass, replace
from typing import Self

from brightspot.core.settings import setting

HOUR_MS = 3_600_000
_NEVER = 1_000_000_000  # failures in a row
BUCKETS = 10  # that the window is made of, here and in breaker.lua


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """Rules of every breaker; `get_circuit_breaker` may give one its own threshold and timeout."""

    threshold: int = setting("CIRCUIT_BREAKER_THRESHOLD", 5, "consecutive failures that open it", least=1, most=1000)
    timeout_ms: int = setting(
        "CIRCUIT_BREAKER_TIMEOUT", 60_000, "milliseconds open, exactly, the first time", least=1, most=HOUR_MS
    )
    longest_ms: int = setting(
        "CIRCUIT_BREAKER_MAX_TIMEOUT_MS", 600_000, "milliseconds open at most, reopened again and again", most=HOUR_MS
    )
    trial_calls: int = setting(
        "CIRCUIT_BREAKER_TRIAL_CALLS", 2, "calls let through half open; as many successes close it", least=1, most=100
    )
    lease_ms: int = setting(
        "CIRCUIT_BREAKER_LEASE_MS", 30_000, "milliseconds after which a silent trial call is given up", least=1
    )
    window_ms: int = setting(
        "CIRCUIT_BREAKER_WINDOW_MS", 60_000, "milliseconds that the failure rate looks back", least=100, most=HOUR_MS
    )
    rate_calls: int = setting(
        "CIRCUIT_BREAKER_MIN_CALLS", 20, "calls in the window that a rate needs; 0: no rate", least=0, most=1_000_000
    )
    failure_percent: float = setting(
        "CIRCUIT_BREAKER_FAILURE_PERCENT", 50.0, "percent failed or slow in the window that opens it", least=1
    )
    slow_ms: int = setting("CIRCUIT_BREAKER_SLOW_CALL_MS", 5_000, "milliseconds from which a call is slow", least=1)

    def __post_init__(self) -> None:
        """Opening again is never shorter than the first time."""
        object.__setattr__(self, "longest_ms", max(self.longest_ms, self.timeout_ms))

    @property
    def opens(self) -> bool:
        """Whether a breaker may open by itself."""
        return self.threshold < _NEVER

    def never_opening(self) -> Self:
        """The same, but that no breaker opens by itself; by hand one still does."""
        return replace(self, threshold=_NEVER, rate_calls=0)

    @property
    def bucket_us(self) -> int:
        """Microseconds of one bucket: the window moves on by so much at a time."""
        return self.window_ms * 1000 // BUCKETS
