"""Breakers of this process alone: what counts while the shared store is away."""

import threading
from collections.abc import Callable

from brightspot.core.clock import Clock
from brightspot.resilience.breaker_events import BreakerStatus, Event, Verdict
from brightspot.resilience.breaker_machine import Machine
from brightspot.resilience.breaker_settings import BreakerSettings


class LocalBreakers:
    """One machine per name, made at its first use. Safe to share between threads."""

    def __init__(self, clock: Clock, jitter: Callable[[], float]) -> None:
        self._clock = clock
        self._jitter = jitter
        self._machines: dict[str, Machine] = {}
        self._lock = threading.Lock()

    def apply(self, name: str, event: Event, lease: str, rules: BreakerSettings, by_hand: int = 0) -> Verdict:
        with self._lock:
            now = self._now()
            machine = self._machines.setdefault(name, Machine(rules, now))
            machine.rules = rules
            return machine.apply(event, lease, now, self._jitter(), by_hand)

    def status(self, name: str) -> BreakerStatus:
        with self._lock:
            now, machine = self._now(), self._machines.get(name)
            if machine is None:
                return {
                    "name": name,
                    "state": "closed",
                    "failure_count": 0,
                    "success_count": 0,
                    "seconds_in_state": None,
                }
            over = machine.state == "open" and now >= machine.over
            return {
                "name": name,
                "state": "half_open" if over else machine.state,
                "failure_count": machine.failures,
                "success_count": machine.successes,
                "seconds_in_state": (now - (machine.over if over else machine.since)) / 1_000_000,
            }

    def seconds_open(self, name: str) -> float:
        """Since it last opened from closed; 0 when it is closed."""
        with self._lock:
            machine = self._machines.get(name)
            if machine is None or machine.state == "closed":
                return 0.0
            return (self._now() - machine.opened) / 1_000_000

    def forget(self, name: str) -> None:
        """The next use starts closed."""
        with self._lock:
            self._machines.pop(name, None)

    def _now(self) -> int:
        return int(self._clock.monotonic() * 1_000_000)
