"""Circuit breakers round the collectors: one that keeps failing is left alone for a while."""

from collections.abc import Mapping, Sequence

from brightspot.locations.collectors.bounds import Bounds
from brightspot.locations.collectors.seam import Collector, Observation, Site
from brightspot.resilience import Breakers, CircuitOpenError, Deadline, Outcome, Result


class Guarded:
    """A collector behind its breaker; satisfies `Collector`. Raises CircuitOpenError without having called it."""

    def __init__(self, collector: Collector, bounds: Bounds) -> None:
        self._collector = collector
        self._bounds = bounds
        self.name = collector.name

    @property
    def source(self) -> str:
        return self._collector.source

    def collect(self, site: Site, deadline: Deadline) -> Sequence[Observation]:
        self._bounds.breakers.permit(self.name, self._bounds.states)
        return self._collector.collect(site, deadline)


def guarded(collectors: Sequence[Collector], bounds: Bounds) -> tuple[Collector, ...]:
    """The collectors of one analysis behind their breakers."""
    return tuple(Guarded(each, bounds) for each in collectors)


def report(
    breakers: Breakers, outcomes: Mapping[str, Outcome[Sequence[Observation]]], live: Mapping[str, Result]
) -> None:
    """Tell the breakers how their collectors and live sources fared; calls that were not made count as nothing."""
    made = {name: each.status for name, each in outcomes.items() if not isinstance(each.error, CircuitOpenError)}
    breakers.report(None, {**made, **live})
