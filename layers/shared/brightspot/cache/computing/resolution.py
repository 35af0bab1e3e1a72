"""How one call comes to its value: from this process, the store, somebody else's computation, or its own."""

from dataclasses import replace
from typing import Final

import msgspec

from brightspot.cache.computing.computation import Computation
from brightspot.cache.computing.copies import Copy
from brightspot.cache.computing.flight import Flight
from brightspot.cache.computing.held import Held, Shelf
from brightspot.cache.computing.leases import How, Lease, Place
from brightspot.cache.computing.outcome import Outcome
from brightspot.cache.computing.steps import Pause, Steps, Watch
from brightspot.cache.errors import ComputeTimedOut
from brightspot.resilience.deadline import Deadline
from brightspot.valkey import StoreUnavailable, Trip

_FIRST_PAUSE: Final = 0.005
_LONGEST_PAUSE: Final = 0.05


class Resolution(msgspec.Struct, frozen=True):
    """One call. `anew` computes whatever there is, and takes the lease from whoever has it."""

    held: Held
    shelf: Shelf
    place: Place
    deadline: Deadline | None
    anew: bool = False

    def steps(self) -> Steps[Outcome]:
        """Raises what the computation raises, and ComputeTimedOut."""
        flights, name, over = self.held.flights, self.place.name, self._over()
        while not self.anew:
            flight, leads = flights.join(name)
            if not leads:
                followed = yield from self._follow(flight, over)
                if followed is not None:
                    return followed
                continue
            try:
                outcome = yield from self._lead(flight, over)
            except Exception as error:
                flights.end(name, flight, error=error)
                raise
            except BaseException:
                flights.end(name, flight)  # ours alone was cancelled: another may lead
                raise
            flights.end(name, flight, result=outcome)
            return outcome
        return (yield from self._lead(Flight(), over))

    def _follow(self, flight: Flight, over: float) -> Steps[Outcome | None]:
        """What came of somebody else's flight in this process; None when he gave up."""
        while not flight.over:
            offer = flight.offer
            if offer is not None and self._serves(offer):
                return Outcome.of(offer, self.held.now())
            left = over - self.held.clock.monotonic()
            if left <= 0:
                raise ComputeTimedOut(f"{self.place.name}: another thread is still computing it")
            yield Pause(min(left, _FIRST_PAUSE)) if flight.changed.is_set() else Watch(flight, left)
        if flight.error is not None:
            raise flight.error
        outcome: Outcome | None = flight.result
        return outcome

    def _lead(self, flight: Flight, over: float) -> Steps[Outcome]:
        held = self.held.copies.get(self.place.name)
        if held is not None and not self.anew and self.held.is_good(self.shelf, held, self.place.options):
            return Outcome.of(held, self.held.now())  # it came between our look and our turn
        copy, reachable = self.look(held)
        now = self.held.now()
        if copy is not None and not self.anew and copy.is_fresh(now):
            if reachable:
                self._hold(copy, now)
            if not self.held.is_due(copy, self.place.options, now):
                return Outcome.of(copy, now)
        if copy is not None and self._serves(copy):
            flight.offered(copy)
        if reachable:
            return (yield from self._take_turns(copy, over))
        return (yield from self._compute(copy, None))

    def look(self, held: Copy | None) -> tuple[Copy | None, bool]:
        """What there is, in the store or, when it cannot be asked, here; and whether it could."""
        hits, tally = (0 if held is None else held.hits), self.shelf.tally

        def telling(trip: Trip) -> None:
            tally.asking(trip, 1 + hits, int(held is None))
            if self.shelf.popularity is not None:
                self.shelf.popularity.count(trip, self.place.key, 1 + hits)

        try:
            reading = self.place.read(telling)
        except StoreUnavailable:
            known = held is not None and held.is_fresh(self.held.now())
            tally.found("memory" if known else None, held=held is not None, shared=False)
            if held is not None and self.place.valkey is not None and not self.held.is_trusted(held):
                held = replace(held, cleared=True)
            return held, False
        if held is not None:
            held.hits = 0
            tally.served(hits)
        self.shelf.saw(reading.epochs)
        copy = reading.copy
        fresh = copy is not None and copy.is_fresh(copy.checked)
        level = "redis" if held is None else "memory"
        tally.found(level if fresh else None, held=held is not None, stale=copy is not None and not fresh)
        if copy is None and held is not None and reading.epochs is None:
            return replace(
                held, cleared=True
            ), True  # the store forgot all: no truth any more, but better than an error
        if copy is None:
            self.held.copies.drop(self.place.name)
        return copy, True

    def _take_turns(self, copy: Copy | None, over: float) -> Steps[Outcome]:
        """Compute under the lease, or take what there is, or wait for whoever has the lease."""
        pause = _FIRST_PAUSE
        while True:
            spare = copy is not None and self._replaces_error(copy)
            try:
                lease = self.place.take(self._how(spare=spare))
            except StoreUnavailable:
                return (yield from self._compute(copy, None))
            found, now = lease.reading.copy, self.held.now()
            if found is not None and (copy is None or found.created > copy.created):
                copy = found
                if found.is_fresh(now) and not self.anew:  # somebody was faster
                    self._hold(found, now)
                    Computation.give_up(self.place, lease)
                    return Outcome.of(found, now)
            if lease.token:
                return (yield from self._compute(copy, lease))
            if copy is not None and (self._serves(copy) or (spare and lease.wait < 0)):
                return Outcome.of(copy, now)
            left = over - self.held.clock.monotonic()
            if left <= 0:
                if copy is not None and spare:
                    return Outcome.of(copy, now)
                raise ComputeTimedOut(f"{self.place.name}: another instance is still computing it")
            yield Pause(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _compute(self, copy: Copy | None, lease: Lease | None) -> Steps[Outcome]:
        if copy is None and lease is not None and not self.anew and (lifted := self.place.lift(lease)) is not None:
            self.shelf.tally.lifted()
            now = self.held.now()
            self._hold(lifted, now)
            return Outcome.of(lifted, now)
        before = None if self.anew and copy is not None and copy.is_error else copy
        computation = Computation(self.held, self.shelf, self.place, self.deadline, before, lease, self.anew)
        return (yield from computation.steps())

    def _hold(self, copy: Copy, now: float) -> None:
        self.held.hold(self.shelf, self.place.name, copy, self.place.options, now, vouched=True)

    def _how(self, *, spare: bool) -> How:
        if self.anew:
            return "seize"
        return "heed" if spare else "ask"

    def _serves(self, copy: Copy) -> bool:
        """Whether it is good enough for all but the one that computes."""
        now = self.held.now()
        return not self.anew and (
            copy.is_fresh(now) or copy.may_revalidate(now, self.place.options.stale_while_revalidate)
        )

    def _replaces_error(self, copy: Copy) -> bool:
        now = self.held.now()
        return not self.anew and (copy.is_fresh(now) or copy.may_replace_error(now, self.place.options.stale_if_error))

    def _over(self) -> float:
        left = self.place.options.wait_seconds
        if self.deadline is not None:
            left = min(left, self.deadline.remaining())
        return self.held.clock.monotonic() + left
