"""Deadlines, isolated parallel work and circuit breakers: one slow or failing part never takes the rest with it.

Retries are in `brightspot.resilience.retry`, by themselves: what answers from a cache must not load them.
"""

from brightspot.resilience.breaker import Breaker, get_all_breakers_status, get_circuit_breaker, shared_breakers
from brightspot.resilience.breaker_events import BreakerStatus, CircuitOpenError, Result, State, Transition
from brightspot.resilience.breaker_report import Report
from brightspot.resilience.breaker_settings import BreakerSettings
from brightspot.resilience.breaker_snapshot import Snapshot
from brightspot.resilience.breakers import MOST_SECONDS_BY_HAND, Breakers
from brightspot.resilience.deadline import Deadline
from brightspot.resilience.parallel import Outcome, run_all

__all__ = [
    "MOST_SECONDS_BY_HAND",
    "Breaker",
    "BreakerSettings",
    "BreakerStatus",
    "Breakers",
    "CircuitOpenError",
    "Deadline",
    "Outcome",
    "Report",
    "Result",
    "Snapshot",
    "State",
    "Transition",
    "get_all_breakers_status",
    "get_circuit_breaker",
    "run_all",
    "shared_breakers",
]
