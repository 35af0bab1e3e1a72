"""What comes up most often in a stream, from a fixed number of counters: Space-Saving.

Of n arrivals and m counters: what is counted came at least `count - error` and at most `count` times, no error exceeds
n / m, and whatever came more than n / m times is counted (Metwally, Agrawal, El Abbadi 2005, "Efficient computation of
frequent and top-k elements in data streams", ICDT, lemmas 3.4 and 3.5, theorem 3.6).
"""

from collections.abc import Hashable

import msgspec


class Heavy(msgspec.Struct):
    """It came `count - error` to `count` times."""

    count: int = 0
    error: int = 0

    @property
    def least(self) -> int:
        """How often it came for certain."""
        return self.count - self.error


class HeavyHitters[K: Hashable]:
    """Not safe to share between threads."""

    def __init__(self, counters: int) -> None:
        self._most = counters
        self.arrivals = 0
        self.counted: dict[K, Heavy] = {}

    def add(self, key: K) -> Heavy:
        """Count an arrival; what is known of its key now. Where all counters are taken, the lowest passes to it."""
        self.arrivals += 1
        heavy = self.counted.get(key)
        if heavy is None:
            heavy = self.counted[key] = Heavy()
            if len(self.counted) > self._most:
                lowest = min((each for each in self.counted if each != key), key=lambda each: self.counted[each].count)
                heavy.count = heavy.error = self.counted.pop(lowest).count
        heavy.count += 1
        return heavy
