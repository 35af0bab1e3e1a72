"""One computation per key in this process: the first that asks leads, all others wait for what comes of it."""

import threading
from dataclasses import dataclass
from typing import Any, Final

from brightspot.cache.computing.copies import Copy

_UNWATCHED: Final = threading.Event()  # making one takes longer than most of what is done under way


@dataclass(eq=False, slots=True)
class Flight:
    """What is under way for one key. `offer` is an old copy that followers may take at once.

    Once `over`, it has a `result` or an `error`, or neither: then the leader gave up, and somebody else leads.
    """

    changed: threading.Event = _UNWATCHED
    offer: Copy | None = None
    over: bool = False
    result: Any = None
    error: Exception | None = None

    def offered(self, copy: Copy) -> None:
        self.offer = copy
        self.tell()

    def tell(self) -> None:
        """Wake who watches. Who joins later looks before it waits."""
        if self.changed is not _UNWATCHED:
            self.changed.set()


class Flights:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._under_way: dict[str, Flight] = {}
        self._lock = threading.Lock()

    def join(self, name: str) -> tuple[Flight, bool]:
        """The flight for a key, and whether the caller leads it; who leads must `end` it."""
        with self._lock:
            flight = self._under_way.get(name)
            if flight is not None:
                if flight.changed is _UNWATCHED:
                    flight.changed = threading.Event()
                return flight, False
            flight = self._under_way[name] = Flight()
            return flight, True

    def end(self, name: str, flight: Flight, *, result: Any = None, error: Exception | None = None) -> None:
        flight.result, flight.error = result, error
        flight.over = True
        with self._lock:
            if self._under_way.get(name) is flight:
                del self._under_way[name]
        flight.tell()
