"""Circuit breakers round the collectors: one that keeps failing is left alone for a while."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar

from brightspot.locations.collectors import Collector, Observation, Site
from brightspot.locations.points import COLLECTORS
from brightspot.resilience import Breakers, CircuitOpenError, Deadline, Outcome, Snapshot, shared_breakers
from brightspot.valkey import Trip

_states: ContextVar[Snapshot | None] = ContextVar("collector_states", default=None)


class CollectorStates:
    """Reads the collectors' breakers on the gate's round trip, for the analysis that may follow."""

    def ask(self, trip: Trip) -> None:
        """Put the question; the analysis of the same request finds the answer."""
        _states.set(shared_breakers().ask(trip, COLLECTORS))


class Guarded:
    """A collector behind its breaker; satisfies `Collector`. Raises CircuitOpenError without having called it."""

    def __init__(self, collector: Collector, breakers: Breakers, states: Snapshot | None) -> None:
        self._collector = collector
        self._breakers = breakers
        self._states = states
        self.name = collector.name
        self.source = collector.source

    def collect(self, site: Site, deadline: Deadline) -> Sequence[Observation]:
        self._breakers.permit(self.name, self._states)
        return self._collector.collect(site, deadline)


def guarded(collectors: Sequence[Collector], breakers: Breakers) -> tuple[Collector, ...]:
    """The collectors of one analysis behind their breakers, by the states its request brought along."""
    states = _states.get()
    _states.set(None)  # what another analysis of this request finds would be old
    return tuple(Guarded(each, breakers, states or breakers.ask(None, COLLECTORS)) for each in collectors)


def report(breakers: Breakers, outcomes: Mapping[str, Outcome[Sequence[Observation]]]) -> None:
    """Tell the breakers how their collectors fared; calls that were not made count as nothing."""
    made = {name: each.status for name, each in outcomes.items() if not isinstance(each.error, CircuitOpenError)}
    breakers.report(None, made)
