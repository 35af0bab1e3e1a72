"""Circuit breakers round the collectors: one that keeps failing is left alone for a while."""

from collections.abc import Mapping, Sequence

from brightspot.locations.collector_states import states_for
from brightspot.locations.collectors import Collector, Observation, Site
from brightspot.resilience import Breakers, CircuitOpenError, Deadline, Outcome, Snapshot


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
    states = states_for(breakers)
    return tuple(Guarded(each, breakers, states) for each in collectors)


def report(breakers: Breakers, outcomes: Mapping[str, Outcome[Sequence[Observation]]]) -> None:
    """Tell the breakers how their collectors fared; calls that were not made count as nothing."""
    made = {name: each.status for name, each in outcomes.items() if not isinstance(each.error, CircuitOpenError)}
    breakers.report(None, made)
