"""Which entries of a namespace are asked for most, counted on trips that travel anyhow."""

from random import Random
from typing import Final

from brightspot.cache.names import Names
from brightspot.valkey import Trip

MOST_KEYS: Final = 1000
_TRIM_ONE_IN: Final = 64
_HALVE_ONE_IN: Final = 4096


class Popularity:
    """A sorted set of at most about `MOST_KEYS` keys (a few more between two trims).

    All counts are halved about once in 4,096 questions, so that what was popular once does not stay so for ever.
    """

    def __init__(self, names: Names, random: Random) -> None:
        self._names = names
        self._random = random

    def count(self, trip: Trip, key: str, questions: int) -> None:
        trip.add("ZADD", self._names.popular, "INCR", questions, key)
        drawn = self._random.random()
        if drawn < 1 / _TRIM_ONE_IN:
            trip.add("ZREMRANGEBYRANK", self._names.popular, 0, -MOST_KEYS - 1)
        if drawn < 1 / _HALVE_ONE_IN:
            trip.add("ZUNIONSTORE", self._names.popular, 1, self._names.popular, "WEIGHTS", 0.5)
