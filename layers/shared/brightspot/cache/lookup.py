"""One question to the cache, under way on a trip."""

from collections.abc import Mapping
from functools import cached_property

import msgspec

from brightspot.cache.below import Below
from brightspot.cache.envelope import Envelope
from brightspot.cache.figures import Tally
from brightspot.cache.local import LocalLevel
from brightspot.cache.names import Names
from brightspot.valkey import Answer, Trip


class Since(msgspec.Struct, frozen=True):
    """When a computation began, by the store's clock, and whether its namespace had an epoch then."""

    time: float
    epoch_known: bool


class Hit(msgspec.Struct, frozen=True):
    """A value found, how many seconds ago its making began, and which level had it."""

    value: bytes
    age_seconds: float
    level: str


class Moment:
    """The store's time of a trip and the epochs of a namespace then, for all its questions on that trip."""

    def __init__(self, trip: Trip, names: Names) -> None:
        self._times = trip.add("TIME")
        self._epochs = trip.add("GET", names.epochs)

    @cached_property
    def time(self) -> float:
        """In Unix seconds: what is computed from now on was created then."""
        seconds, microseconds = self._times.value
        return int(seconds) + int(microseconds) / 1e6

    @property
    def epoch_known(self) -> bool:
        return self._epochs.value is not None

    def is_fresh(self, entry: Envelope) -> bool:
        """Whether an entry is neither expired nor older than an epoch that it is under."""
        epochs: bytes | None = self._epochs.value
        return epochs is not None and self.time < entry.hard and not is_cleared(entry, epochs)


def is_cleared(entry: Envelope, epochs: bytes) -> bool:
    """Whether an entry is older than an epoch that it is under, of its namespace or of one of its tags."""
    epoch, *tags = epochs.split()
    return entry.created <= float(epoch) or any(_is_tag_cleared(entry, *each.split(b"=")) for each in tags)


def _is_tag_cleared(entry: Envelope, tag: bytes, time: bytes) -> bool:
    return entry.created <= float(time) and tag.decode() in entry.tags


class Lookup:
    """The question for one entry. What came of it is to be said: by `found`, or by `unused`."""

    def __init__(self, trip: Trip, moment: Moment, local: LocalLevel, below: Below, *, tally: Tally, name: str) -> None:
        self._moment = moment
        self._local = local
        self._below = below
        self._tally = tally
        self.name = name
        self._held = local.get(name)
        self._entry: Answer | None = trip.add("GET", name) if self._held is None else None

    @property
    def likely(self) -> bool:
        """Whether this process holds the entry, so that only a clear or its age can still make it a miss."""
        return self._held is not None

    def since(self) -> Since:
        """What a computation that starts now must tell when its value is kept."""
        return Since(self._moment.time, self._moment.epoch_known)

    def unused(self) -> None:
        """Nobody was to see the entry: the question counts neither as hit nor as miss."""
        self._tally.unused(held=self.likely)

    def found(self) -> Hit | None:
        """The entry, if it is neither expired nor cleared. Raises StoreUnavailable when the store refused to tell."""
        entry, level = self._above
        return self._settled(entry, level, self._below.told(self.name) if self.sought_below else None)

    def found_with(self, told: Mapping[str, bytes]) -> Hit | None:
        """As `found`, with what the third level told of the names that are `sought_below`."""
        entry, level = self._above
        return self._settled(entry, level, told.get(self.name))

    @property
    def sought_below(self) -> bool:
        """Whether the levels above have nothing fresh, and the third one may. Raises StoreUnavailable."""
        entry, _ = self._above
        fresh = entry is not None and self._moment.is_fresh(entry)
        return not fresh and not self.likely and self._moment.epoch_known

    def _settled(self, entry: Envelope | None, level: str, told: bytes | None) -> Hit | None:
        stale = entry is not None and not self._moment.is_fresh(entry)
        if stale:
            entry = None
        if entry is None and told is not None:
            entry, level = self._below.third(self.name, told, self._moment), "dynamodb"
        self._tally.found(level if entry is not None else None, held=self.likely, stale=stale)
        if entry is None:
            self._local.delete(self.name)
            return None
        if level != "memory":
            self._local.set(self.name, entry)
        return Hit(entry.payload, max(0.0, self._moment.time - entry.created), level)

    @cached_property
    def _above(self) -> tuple[Envelope | None, str]:
        return (self._held, "memory") if self._held is not None else (self._sought(), "redis")

    def _sought(self) -> Envelope | None:
        if self._entry is None or self._entry.value is None:
            return None
        return self._below.unpacked(self.name, self._entry.value)
