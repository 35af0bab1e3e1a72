"""What all processes measured, minute by minute and since the store began: told on trips, read whole."""

import threading
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.telemetry.alone import Alone
from brightspot.telemetry.fields import NANO, Figures, Series, add_fields, field_of, fields_of, figures_of, series_of
from brightspot.telemetry.metric import Gauge, Metric
from brightspot.telemetry.readings import Extremes, Readings, ask_readings
from brightspot.valkey import Answer, Script, StoreUnavailable, Trip, Valkey

ADD: Final = Script.beside(__file__, "add_figures.lua")
TOTALS: Final = "bs:{metrics}:totals"
READINGS: Final = "bs:{metrics}:readings"
SLOW: Final = "bs:{metrics}:slow"
MINUTES_KEPT: Final = 120
SLOW_KEPT: Final = 100
_PAUSE_SECONDS: Final = 1.0  # between trips that are burdened: some 70 us for each
MOST_OWED: Final = 30  # minutes of an outage whose figures are told after it


class SlowOperation(NamedTuple):
    """`at` in Unix seconds."""

    operation: str
    milliseconds: float
    at: float


class Ledger:
    """This process's part. Safe to share between threads.

    What was measured is told on trips that somebody makes anyway, once a second at most, under the minute in which it
    was measured. What a trip that failed had on board is told again: of an outage the last 30 minutes are known after
    it, and what came through although the answer did not is counted twice.
    """

    def __init__(self, valkey: Valkey | None, clock: Clock) -> None:
        """Without a store, the process knows its own figures alone."""
        self._valkey = valkey
        self._clock = clock
        self._lock = threading.Lock()
        self._now: dict[str, int] = {}
        self._since = 0  # the minute of these
        self._owed: dict[int, dict[str, int]] = {}
        self._readings: dict[str, float] = {}
        self._by_minute = Readings()
        self._travelling: list[tuple[int, dict[str, int], Answer]] = []
        self._next = 0.0
        self._slow: dict[str, list[tuple[float, bytes]]] = {}
        self._own = Alone(MINUTES_KEPT)

    def count(self, series: Series, number: int) -> None:
        """Add to a counter."""
        if not number:
            return
        self._add({field_of(series): number})

    def observe(self, series: Series, value: float, parts: int = NANO) -> None:
        """Note a measurement, in the unit of its metric, whose sums are kept in so many parts of it (`parts_of`)."""
        self._add(fields_of(series, value, parts))

    def note(self, series: Series, value: float) -> None:
        """Note a reading: the last one stands, and each minute's lowest and highest."""
        field, minute = field_of(series), self.minute()
        with self._lock:
            self._readings[field] = value
            self._by_minute.note(minute, field, value)

    def slow(self, operation: str, seconds: float, kind: str = "") -> None:
        """Note an operation that was slow; the last 100 of each kind, of all processes, are remembered."""
        at = self._clock.now().timestamp()
        with self._lock:
            slow = self._slow.setdefault(kind, [])
            slow.append((at, codec.dumps([operation, round(seconds * 1000, 1), at])))
            del slow[:-SLOW_KEPT]

    def ask(self, trip: Trip) -> None:
        """Put what is to be told on a trip, unless something was told within the last second."""
        now = self._clock.monotonic()
        if now >= self._next:
            self._next = now + _PAUSE_SECONDS
            self._tell(trip)

    def flush(self) -> None:
        """Tell in a round trip of its own; nothing when there is nothing. After an outage it is told again."""
        if self._valkey is None:
            self._keep()
            return
        trip = self._valkey.trip()
        self._tell(trip)
        try:
            trip.run()
        except StoreUnavailable:
            return

    def totals(self, metrics: Iterable[Metric]) -> Figures:
        """What was measured since the store began. Raises StoreUnavailable."""
        if self._valkey is None:
            self._keep()
            return figures_of(self._own.totals, metrics, self._own.readings)
        self.flush()
        trip = self._valkey.trip()
        totals, readings = trip.add("HGETALL", TOTALS), trip.add("HGETALL", READINGS)
        trip.run()
        told = {name: float(value) for name, value in _pairs(readings).items()}
        return figures_of({name: int(value) for name, value in _pairs(totals).items()}, metrics, told)

    def minutes(self, metrics: Iterable[Metric], first: int, last: int) -> dict[int, Figures]:
        """What was measured from the minute `first` to `last`, counted since 1970. Raises StoreUnavailable."""
        metrics = tuple(metrics)
        return {minute: figures_of(fields, metrics, {}) for minute, fields in self.fields(first, last).items()}

    def lately(self, metrics: Iterable[Metric], minutes: int) -> Figures:
        """What was measured in so many last minutes, the running one included, together. Raises StoreUnavailable."""
        last = self.minute()
        return Figures.together(self.minutes(metrics, last - minutes + 1, last).values())

    def fields(self, first: int, last: int) -> dict[int, dict[str, int]]:
        """The same as it lies in the store, of metrics that nobody knows any more, too. Raises StoreUnavailable."""
        wanted = range(first, last + 1)
        if self._valkey is None:
            self._keep()
            return {each: dict(self._own.minutes.get(each, {})) for each in wanted}
        self.flush()
        trip = self._valkey.trip()
        told = [trip.add("HGETALL", _key(each)) for each in wanted]
        trip.run()
        read = [{name: int(value) for name, value in _pairs(each).items()} for each in told]
        return dict(zip(wanted, read, strict=True))

    def readings(self, metrics: Iterable[Metric], first: int, last: int) -> dict[int, dict[Series, Extremes]]:
        """The lowest and highest reading of each gauge in each of these minutes; none where nobody read it.

        Raises StoreUnavailable.
        """
        known, wanted = {each.name: each for each in metrics if isinstance(each, Gauge)}, range(first, last + 1)
        if self._valkey is None:
            self._keep()
            told = {each: self._own.extremes.get(each, {}) for each in wanted}
        else:
            self.flush()
            trip = self._valkey.trip()
            read = ask_readings(trip, wanted)
            trip.run()
            told = read()
        return {minute: series_of(each, known) for minute, each in told.items()}

    def slowest(self, kind: str = "") -> list[SlowOperation]:
        """The operations of a kind that were slow lately, the last one first. Raises StoreUnavailable."""
        if self._valkey is None:
            told = [each for _, each in reversed(self._slow.get(kind, []))]
        else:
            self.flush()
            told = self._valkey.call("ZRANGE", slow_key(kind), 0, -1, "REV")
        return [SlowOperation(*codec.loads(each)) for each in told]

    def minute(self) -> int:
        """Which minute it is, counted since 1970."""
        return int(self._clock.now().timestamp()) // 60

    @property
    def shared(self) -> bool:
        """Whether the figures are those of all processes."""
        return self._valkey is not None

    def _add(self, figures: Mapping[str, int]) -> None:
        minute = self.minute()
        with self._lock:
            if minute != self._since:
                self._close()
                self._since = minute
            add_fields(self._now, figures)

    def _close(self) -> None:
        """Set this minute's figures beside what is owed."""
        if self._now:
            add_fields(self._owed.setdefault(self._since, {}), self._now)
            self._now = {}

    def _tell(self, trip: Trip) -> None:
        with self._lock:
            self._settle()
            for kind, slow in self._slow.items():
                trip.add("ZADD", slow_key(kind), *(each for at, told in slow for each in (f"{at:.6f}", told)))
                trip.add("ZREMRANGEBYRANK", slow_key(kind), 0, -SLOW_KEPT - 1)
            self._slow = {}
            for minute, figures in self._owed.items():
                pairs = [each for pair in figures.items() for each in pair]
                answer = trip.script(ADD, [TOTALS, _key(minute)], [MINUTES_KEPT * 60, *pairs])
                self._travelling.append((minute, figures, answer))
            self._owed = {}
            if self._readings:
                trip.add("HSET", READINGS, *(each for pair in self._readings.items() for each in pair))
                self._readings = {}
            self._by_minute.tell(trip, MINUTES_KEPT * 60)

    def _settle(self) -> None:
        """See what became of trips that are over; what is owed is all there is then."""
        under_way = []
        for parcel in self._travelling:
            minute, figures, answer = parcel
            if answer.state == "failed":
                add_fields(self._owed.setdefault(minute, {}), figures)
            elif answer.state == "open":
                under_way.append(parcel)
        self._travelling = under_way
        self._close()
        while len(self._owed) > MOST_OWED:
            del self._owed[min(self._owed)]

    def _keep(self) -> None:
        with self._lock:
            self._settle()
            self._own.take(self._owed, self._readings, self._by_minute.take())
            self._owed, self._readings = {}, {}


def _key(minute: int) -> str:
    return f"bs:{{metrics}}:minute:{minute}"


def slow_key(kind: str) -> str:
    return f"{SLOW}:{kind}" if kind else SLOW


def _pairs(answer: Answer) -> dict[str, bytes]:
    told: list[bytes] = answer.value
    return {name.decode(): value for name, value in zip(told[::2], told[1::2], strict=True)}
