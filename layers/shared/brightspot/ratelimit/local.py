"""The exact sliding log in this process, for when the shared store cannot be reached."""

import threading
from collections import OrderedDict, deque
from collections.abc import Sequence

from brightspot.core.clock import Clock
from brightspot.ratelimit.decision import Count
from brightspot.ratelimit.limit import Limit

_MOST_SUBJECTS = 10_000


class LocalLog:
    """One log per key, the least recently used forgotten beyond `most_subjects`. Safe to share between threads.

    Counts this process alone: with n instances up to n times the limit can pass while the store is away.
    """

    def __init__(self, clock: Clock, most_subjects: int = _MOST_SUBJECTS) -> None:
        self._clock = clock
        self._most = most_subjects
        self._logs: OrderedDict[str, deque[int]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, keys: Sequence[str], limit: Limit, weight: int) -> list[Count]:
        """Count `weight` units at every key, or at none when one of them refuses."""
        with self._lock:
            now = int(self._clock.monotonic() * 1_000_000)
            logs = [self._log(key, limit, now) for key in keys]
            allowed = all(len(log) + weight <= limit.count for log in logs)
            if allowed:
                for log in logs:
                    log.extend([now] * weight)
            at = int(self._clock.now().timestamp() * 1_000_000)
            asked = 0 if allowed else weight
            return [_count(log, limit, asked, now, at) for log in logs]

    def _log(self, key: str, limit: Limit, now: int) -> deque[int]:
        log = self._logs.setdefault(key, deque())
        self._logs.move_to_end(key)
        if len(self._logs) > self._most:
            self._logs.popitem(last=False)
        while log and log[0] + limit.microseconds <= now:
            log.popleft()
        return log


def _count(log: deque[int], limit: Limit, asked: int, now: int, at: int) -> Count:
    """What a log says after a pass (`asked` is 0 then, the units are in) or after a refusal."""
    left = max(0, limit.count - len(log))
    if asked > left:
        return Count(False, left, log[len(log) + asked - limit.count - 1] + limit.microseconds - now, at)
    return Count(True, left, log[0] + limit.microseconds - now if log else 0, at)
