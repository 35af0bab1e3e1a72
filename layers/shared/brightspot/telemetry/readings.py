"""The lowest and the highest reading of each gauge in a minute: what a look at the last reading alone would miss."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from brightspot.valkey import Trip

_MOST_OWED: Final = 30  # minutes; readings that nobody tells are forgotten


class Extremes(NamedTuple):
    """Of the readings of one series in one minute, in the metric's unit."""

    low: float
    high: float

    def widened(self, value: float) -> "Extremes":
        return Extremes(min(self.low, value), max(self.high, value))


ByField = dict[str, Extremes]


class Readings:
    """Of one process, by minute, until they are told. Its ledger's lock guards it."""

    def __init__(self) -> None:
        self._noted: dict[int, ByField] = {}

    def note(self, minute: int, field: str, value: float) -> None:
        """Take one reading."""
        kept = self._noted.setdefault(minute, {})
        kept[field] = kept.get(field, Extremes(value, value)).widened(value)
        while len(self._noted) > _MOST_OWED:
            del self._noted[min(self._noted)]

    def tell(self, trip: Trip, keep_seconds: int) -> None:
        """Put them on a trip and forget them: a trip that fails takes them with it."""
        for minute, kept in self._noted.items():
            for key, rule, pick in ((_lowest(minute), "LT", 0), (_highest(minute), "GT", 1)):
                pairs = [part for field, each in kept.items() for part in (repr(each[pick]), field)]
                trip.add("ZADD", key, rule, *pairs)
                trip.add("PEXPIRE", key, keep_seconds * 1000)
        self._noted = {}

    def take(self) -> dict[int, ByField]:
        """What was noted, which is forgotten here."""
        noted, self._noted = self._noted, {}
        return noted


def ask_readings(trip: Trip, minutes: Sequence[int]) -> Callable[[], dict[int, ByField]]:
    """Ask for minutes on a trip; what is returned reads the answers once the trip has run."""
    asked = {
        minute: [trip.add("ZRANGE", key(minute), 0, -1, "WITHSCORES") for key in (_lowest, _highest)]
        for minute in minutes
    }

    def read() -> dict[int, ByField]:
        return {minute: _together(*(_scores(each.value) for each in both)) for minute, both in asked.items()}

    return read


def _together(lows: Mapping[str, float], highs: Mapping[str, float]) -> ByField:
    return {field: Extremes(low, highs.get(field, low)) for field, low in lows.items()}


def _scores(answer: Sequence[bytes]) -> dict[str, float]:
    return {field.decode(): float(score) for field, score in zip(answer[::2], answer[1::2], strict=True)}


def _lowest(minute: int) -> str:
    return f"bs:{{metrics}}:lowest:{minute}"


def _highest(minute: int) -> str:
    return f"bs:{{metrics}}:highest:{minute}"
