"""A rest for a backend that fails: one call after each rest finds out, all others go another way at once."""

import threading
from typing import Final

from brightspot.core.clock import Clock

_SECONDS: Final = (0.5, 1.0, 2.0, 5.0)


class Rest:
    """Lasts 0.5, 1, 2 and then 5 seconds after each failure in a row. Safe to share between threads.

    So an outage costs one call per rest its timeout, all others nothing.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    @property
    def failures(self) -> int:
        """How many calls failed in a row."""
        return self._failures

    def admits(self) -> bool:
        """Whether a call may be made now; if so, the others pass by while this one finds out."""
        if not self._failures:
            return True
        with self._lock:
            now = self._clock.monotonic()
            if self._failures and now < self._until:
                return False
            self._until = now + self._length()
            return True

    def failed(self) -> float:
        """A call failed; the seconds of rest from now on."""
        with self._lock:
            self._failures += 1
            length = self._length()
            self._until = self._clock.monotonic() + length
            return length

    def succeeded(self) -> int:
        """A call succeeded, which ends the rest; how many had failed in a row before it."""
        if not self._failures:
            return 0
        with self._lock:
            before, self._failures = self._failures, 0
            return before

    def _length(self) -> float:
        return _SECONDS[min(max(self._failures, 1), len(_SECONDS)) - 1]
