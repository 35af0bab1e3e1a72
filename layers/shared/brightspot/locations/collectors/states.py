"""The breaker states of collectors and live sources, read on the gate's round trip for the analysis that may follow."""

from contextvars import ContextVar

from brightspot.locations.dataset.points import COLLECTORS
from brightspot.locations.model import live_sources
from brightspot.resilience import Breakers, Snapshot, shared_breakers
from brightspot.valkey import StoreUnavailable, Trip, shared_valkey

_states: ContextVar[Snapshot | None] = ContextVar("collector_states", default=None)


def breaker_names() -> tuple[str, ...]:
    """A breaker for each collector, and one for each live source that is switched on."""
    return (*COLLECTORS, *live_sources())


class CollectorStates:
    """A rider of the gate."""

    def ask(self, trip: Trip) -> None:
        """Put the question; the analysis of the same request finds the answer."""
        _states.set(shared_breakers().ask(trip, breaker_names()))


def states_for(breakers: Breakers) -> Snapshot:
    """What this request's round trip brought (once: for another analysis it would be old), else asked for now.

    With the store away it is what this process knows.
    """
    brought, valkey = _states.get(), shared_valkey()
    _states.set(None)
    if brought is not None:
        return brought
    if valkey is None:
        return breakers.ask(None, breaker_names())
    trip = valkey.trip()
    states = breakers.ask(trip, breaker_names())
    try:
        trip.run()
    except StoreUnavailable:
        return breakers.ask(None, breaker_names())
    return states
