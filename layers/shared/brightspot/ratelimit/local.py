"""The exact sliding log in this process, for when the shared store cannot be reached."""

import threading
from collections import OrderedDict, deque
from collections.abc import Sequence

from brightspot.core.clock import Clock
from brightspot.ratelimit.decision import Count
from brightspot.ratelimit.limit import Limit

_MOST_SUBJECTS = 10_000
_MOST_UNITS = 200_000  # some 10 MB


class LocalLog:
    """One log per key, the least recently used forgotten beyond `most_subjects` or `most_units` of all logs together.

    Counts this process alone: with n instances up to n times the limit can pass while the store is away. Safe to
    share between threads.
    """

    def __init__(self, clock: Clock, most_subjects: int = _MOST_SUBJECTS, most_units: int = _MOST_UNITS) -> None:
        self._clock = clock
        self._most_subjects = most_subjects
        self._most_units = most_units
        self._units = 0
        self._logs: OrderedDict[str, deque[int]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, asked: Sequence[tuple[str, Limit]], weight: int) -> list[Count]:
        """Count `weight` units at every key, or at none when one of them refuses."""
        with self._lock:
            now = int(self._clock.monotonic() * 1_000_000)
            logs = [(self._log(key, limit, now), limit) for key, limit in asked]
            allowed = all(len(log) + weight <= limit.count for log, limit in logs)
            if allowed:
                self._units += weight * len(logs)
                for log, _ in logs:
                    log.extend([now] * weight)
            self._forget()
            return [_count(log, limit, 0 if allowed else weight, now, self._at()) for log, limit in logs]

    def peek(self, asked: Sequence[tuple[str, Limit]], weight: int) -> list[Count]:
        """What `take` would say, but for what is left, which is told without these units."""
        with self._lock:
            now = int(self._clock.monotonic() * 1_000_000)
            logs = [(self._log(key, limit, now), limit) for key, limit in asked]
            self._forget()
            return [_count(log, limit, weight, now, self._at()) for log, limit in logs]

    def _log(self, key: str, limit: Limit, now: int) -> deque[int]:
        log = self._logs.setdefault(key, deque())
        self._logs.move_to_end(key)
        while log and log[0] + limit.microseconds <= now:
            log.popleft()
            self._units -= 1
        return log

    def _forget(self) -> None:
        while len(self._logs) > self._most_subjects or (self._units > self._most_units and len(self._logs) > 1):
            self._units -= len(self._logs.popitem(last=False)[1])

    def _at(self) -> int:
        return int(self._clock.now().timestamp() * 1_000_000)


def _count(log: deque[int], limit: Limit, asked: int, now: int, at: int) -> Count:
    """What a log says after a pass (`asked` is 0 then, the units are in) or after a refusal."""
    left = max(0, limit.count - len(log))
    if asked > left:
        return Count(False, left, log[len(log) + asked - limit.count - 1] + limit.microseconds - now, at)
    return Count(True, left, log[0] + limit.microseconds - now if log else 0, at)
