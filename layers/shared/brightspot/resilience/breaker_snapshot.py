"""The states of some breakers at one moment, for all calls of one request."""

from brightspot.resilience.breaker_events import BreakerStatus, State
from brightspot.resilience.breaker_local import LocalBreakers
from brightspot.resilience.breaker_reading import Reading, Seen
from brightspot.valkey import StoreUnavailable


class Snapshot:
    """To be read once its trip has run; where the store did not answer, this process's own breakers do."""

    def __init__(self, reading: Reading | None, local: LocalBreakers) -> None:
        self._reading = reading
        self._local = local

    def seen(self, name: str) -> Seen | None:
        """The shared state; None where there is none to be had."""
        if self._reading is None:
            return None
        try:
            return self._reading.of(name)
        except StoreUnavailable:
            return None

    def lacks(self, name: str) -> bool:
        """Whether this breaker was asked for and the store did not answer."""
        return self._reading is None or (name in self._reading and self.seen(name) is None)

    def state(self, name: str) -> State:
        return self.status(name)["state"]

    def status(self, name: str) -> BreakerStatus:
        seen = self.seen(name)
        return seen.status(name) if seen is not None else self._local.status(name)

    def seconds_open(self, name: str) -> float:
        seen = self.seen(name)
        return seen.seconds_open if seen is not None else self._local.seconds_open(name)
