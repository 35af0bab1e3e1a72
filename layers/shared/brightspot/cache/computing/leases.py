"""One computed entry in the shared store: read, leased to the one that computes it, kept under that lease's token."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Literal

import msgspec

from brightspot.cache.below import Below
from brightspot.cache.computing.computed_value import VALUE, Codec, ComputedValue, unpack_computed, unpack_error
from brightspot.cache.computing.copies import Copy
from brightspot.cache.computing.options import Options
from brightspot.cache.envelope import Envelope
from brightspot.cache.lookup import is_cleared
from brightspot.cache.names import Names
from brightspot.cache.seal import Seal
from brightspot.valkey import Script, StoreUnavailable, Trip, Valkey

TAKE: Final = Script.beside(__file__, "take_lease.lua")
KEEP: Final = Script.beside(__file__, "keep_fenced.lua")
END: Final = Script.beside(__file__, "end_lease.lua")
FORGET: Final = Script.beside(__file__, "forget_entry.lua")
_MICROSECONDS: Final = 1_000_000
How = Literal["heed", "ask", "seize"]


class Reading(msgspec.Struct, frozen=True):
    """What the store had: `copy` is fresh, stale or cleared; None is a miss. `ahead` is its clock minus ours, in s."""

    copy: Copy | None
    epochs: bytes | None
    ahead: float


class Lease(msgspec.Struct, frozen=True):
    """`token` is 0 when it was not given: then somebody else computes for `wait` s, or the key rests for `-wait` s."""

    token: int
    wait: float
    reading: Reading


class Place(msgspec.Struct, frozen=True):
    """Where one entry lies and how its bytes are read. Every method raises StoreUnavailable, always without a store."""

    valkey: Valkey | None
    names: Names
    key: str
    options: Options
    codec: Codec
    now: Callable[[], float]
    below: Below = msgspec.field(default_factory=lambda: Below(Seal(), None, None))

    @property
    def name(self) -> str:
        return f"{self.names.prefix}{self.key}"

    @property
    def lock(self) -> str:
        return f"{self.names.prefix}@lock:{self.key}"

    def read(self, telling: Callable[[Trip], None]) -> Reading:
        """In one round trip, on which `telling` may put what else is to be told."""
        trip = self._store().trip()
        clock, epochs, entry = trip.add("TIME"), trip.add("GET", self.names.epochs), trip.add("GET", self.name)
        telling(trip)
        trip.run()
        seconds, microseconds = clock.value
        return self._reading(seconds, microseconds, epochs.value, entry.value)

    def take(self, how: How) -> Lease:
        """Ask to be the one that computes: heed a rest after failures, or not, or seize it from whoever has it."""
        arguments = [round(self.options.lease * _MICROSECONDS), self._kept_ms, how]
        token, wait, *rest = self._store().run(TAKE, [self.lock, self.name, self.names.epochs], arguments)
        return Lease(token, wait / _MICROSECONDS, self._reading(*rest))

    def keep(self, lease: Lease, copy: Copy, telling: Callable[[int, int], None] = lambda _size, _saved: None) -> bool:
        """Whether it was kept: not when a later token was given out, or all its time has passed.

        `telling` is told how many bytes it has, and how many less compressing made of them. The third level is written
        first, so that what is forgotten meanwhile does not stay there: then the store refuses, and it is removed.
        """
        ahead = lease.reading.ahead
        value = ComputedValue(copy.kind, copy.delta, copy.ttl, copy.data)
        times = (copy.created + ahead, copy.soft + ahead, copy.hard + ahead)
        entry = Envelope(*times, self.options.tags, value.pack())
        sealed = self.below.packed(self.name, entry, compress=True)
        telling(len(entry.payload), sealed.saved)
        self.below.keep(self.name, sealed.data, entry.hard)
        if self._write(lease, sealed.data, entry):
            return True
        self.below.forget(self.name)
        return False

    def lift(self, lease: Lease) -> Copy | None:
        """The fresh copy that the third level has, once the store has taken it from there; None for a miss."""
        reading, data = lease.reading, self.below.told(self.name)
        entry = self.below.unpacked(self.name, data) if data is not None else None
        copy = self._copy(entry, reading.epochs, reading.ahead, self.now())
        if data is None or entry is None or copy is None or not copy.is_fresh(self.now()):
            return None
        with suppress(StoreUnavailable):
            return copy if self._write(lease, data, entry) else None
        return None

    def end(self, lease: Lease, *, overrun: bool, failed: bool) -> float:
        """End a lease that came to nothing; for how many seconds nobody is to try again."""
        rest, most = (self.options.error_rest, self.options.most_error_rest) if failed else (0.0, 0.0)
        rests = [round(rest * _MICROSECONDS), round(most * _MICROSECONDS)]
        told: int = self._store().run(END, [self.lock], [lease.token, int(overrun), *rests, self._kept_ms])
        return told / _MICROSECONDS

    def forget(self) -> bool:
        """Remove the entry, and refuse what was begun before; whether there was one."""
        known = bool(self._store().run(FORGET, [self.lock, self.name], [self._kept_ms]))
        self.below.forget(self.name)
        return known

    def _write(self, lease: Lease, data: bytes, entry: Envelope) -> bool:
        epoch = "" if lease.reading.epochs is not None else f"{entry.created - 1e-6:.6f}"
        arguments = [lease.token, data, round(entry.hard * 1000), self._kept_ms, epoch]
        return bool(self._store().run(KEEP, [self.lock, self.name, self.names.epochs], arguments))

    def _store(self) -> Valkey:
        if self.valkey is None:
            raise StoreUnavailable("there is no shared store")
        return self.valkey

    @property
    def _kept_ms(self) -> int:
        return round(self.options.fence_seconds * 1000)

    def _reading(self, seconds: Any, microseconds: Any, epochs: bytes | None, entry: bytes | None) -> Reading:
        now = self.now()
        ahead = int(seconds) + int(microseconds) / _MICROSECONDS - now
        unpacked = self.below.unpacked(self.name, entry) if entry is not None and epochs is not None else None
        return Reading(self._copy(unpacked, epochs, ahead, now), epochs, ahead)

    def _copy(self, entry: Envelope | None, epochs: bytes | None, ahead: float, now: float) -> Copy | None:
        """None also for what no longer reads as a value, and where no epoch says what may be trusted."""
        computed = unpack_computed(entry.payload) if entry is not None else None
        if entry is None or epochs is None or computed is None or now + ahead >= entry.hard:
            return None
        try:
            value = self._value(computed)
        except Exception:  # noqa: BLE001  # whatever a codec raises for what was written in another shape: a miss
            return None
        times = (entry.created - ahead, entry.soft - ahead, entry.hard - ahead)
        head = (computed.kind, value, computed.data, *times, computed.delta, computed.ttl)
        return Copy(*head, checked=now, cleared=is_cleared(entry, epochs))

    def _value(self, computed: ComputedValue) -> Any:
        if computed.kind == VALUE:
            return self.codec.decode(computed.data)
        return unpack_error(computed.data, self.options.negative_errors)
