"""The breaker states of the collectors, read on the gate's round trip for the analysis that may follow."""

from contextvars import ContextVar

from brightspot.locations.points import COLLECTORS
from brightspot.resilience import Breakers, Snapshot, shared_breakers
from brightspot.valkey import StoreUnavailable, Trip, shared_valkey

_states: ContextVar[Snapshot | None] = ContextVar("collector_states", default=None)


class CollectorStates:
    """A rider of the gate."""

    def ask(self, trip: Trip) -> None:
        """Put the question; the analysis of the same request finds the answer."""
        _states.set(shared_breakers().ask(trip, COLLECTORS))


def states_for(breakers: Breakers) -> Snapshot:
    """What this request's round trip brought (once: for another analysis it would be old), else asked for now.

    With the store away it is what this process knows.
    """
    brought, valkey = _states.get(), shared_valkey()
    _states.set(None)
    if brought is not None:
        return brought
    if valkey is None:
        return breakers.ask(None, COLLECTORS)
    trip = valkey.trip()
    states = breakers.ask(trip, COLLECTORS)
    try:
        trip.run()
    except StoreUnavailable:
        return breakers.ask(None, COLLECTORS)
    return states
