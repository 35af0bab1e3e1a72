"""Who wants to know when a circuit breaker goes from one state to another."""

import logging
from collections.abc import Callable

from brightspot.resilience.breaker_events import Transition

_log = logging.getLogger(__name__)
Listener = Callable[[Transition], None]


class Listeners:
    """Called one after another, in the thread that caused a transition. Safe to share between threads."""

    def __init__(self, first: Listener | None = None) -> None:
        self._all: tuple[Listener, ...] = () if first is None else (first,)

    def add(self, listener: Listener) -> Callable[[], None]:
        """From now on; what ends it is returned."""
        self._all = (*self._all, listener)

        def stop() -> None:
            self._all = tuple(each for each in self._all if each is not listener)

        return stop

    def tell(self, transition: Transition) -> None:
        """One that raises is told in the log, and spoils neither the call nor the other listeners."""
        for listener in self._all:
            try:
                listener(transition)
            except Exception:  # noqa: BLE001  # a listener is no part of the call: whatever it does is its own
                _log.exception("breaker_listener_failed", extra={"breaker": transition.name, "state": transition.after})
