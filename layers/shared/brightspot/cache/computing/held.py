"""What one process knows of computed values: its copies, what is under way, and how long a copy needs no question."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Final

from brightspot.cache.computing.copies import LONG_AGO, Copies, Copy
from brightspot.cache.computing.early import is_due
from brightspot.cache.computing.flight import Flights
from brightspot.cache.computing.options import ComputeSettings, Options
from brightspot.cache.computing.popularity import Popularity
from brightspot.cache.figures import Tally
from brightspot.cache.names import Names, names_of, namespace_in
from brightspot.cache.tiered import LOCAL_ONLY_SECONDS
from brightspot.core.clock import Clock

_LAST: Final = 4e9  # Unix seconds, in the year 2096


@dataclass(slots=True, eq=False)
class Shelf:
    """One namespace. A copy of an earlier generation is asked about again: something was cleared since."""

    names: Names
    tally: Tally
    generation: int = 0
    epochs: bytes | None = None
    popularity: Popularity | None = None

    def saw(self, epochs: bytes | None) -> None:
        """What the store told of the namespace's clears; news make all copies here be asked about again."""
        if epochs != self.epochs:
            self.epochs = epochs
            self.generation += 1


class Held:
    """Safe to share between threads."""

    def __init__(
        self, clock: Clock, random: Random, settings: ComputeSettings, copies: Copies, tally: Callable[[str], Tally]
    ) -> None:
        self.clock = clock
        self.random = random
        self.copies = copies
        self.flights = Flights()
        self._settings = settings
        self._rule = settings.early_rule
        self._tally = tally
        self._shelves: dict[str, Shelf] = {}
        copies.on_eviction(lambda name: tally(namespace_in(name)).evicted())

    def now(self) -> float:
        """Unix seconds by this process's clock."""
        return self.clock.now().timestamp()

    def shelf(self, namespace: str) -> Shelf:
        """Raises ValueError for what cannot name a namespace."""
        found = self._shelves.get(namespace)
        if found is not None:
            return found
        if not namespace or not namespace.isascii() or {"{", "}"} & set(namespace):
            raise ValueError(f"{namespace!r} cannot be a namespace: send ASCII without braces")
        return self._shelves.setdefault(namespace, Shelf(names_of(namespace), self._tally(namespace)))

    def glance(self, shelf: Shelf, name: str, options: Options) -> Copy | None:
        """A copy that is good without asking anybody, and whose turn to be computed anew it is not."""
        copy = self.copies.entries.get(name)
        if copy is None or not self.is_good(shelf, copy, options):
            return None
        copy.seen = True
        copy.hits += 1  # of two threads at once one may be lost: a figure, nothing that is gone by
        return copy

    def is_good(self, shelf: Shelf, copy: Copy, options: Options) -> bool:
        """What `glance` asks of a copy."""
        if copy.generation != shelf.generation:
            return False
        return self.clock.now() < copy.quiet_until or self._needs_no_question(copy, options)

    def is_due(self, copy: Copy, options: Options, now: float) -> bool:
        """Whether this reading is the one that computes it anew before it expires."""
        return is_due(
            copy.soft - now,
            copy.soft - copy.created,
            copy.delta,
            rule=options.rule or self._rule,
            window=self._window(options),
            beta=self._settings.beta if options.beta is None else options.beta,
            random=self.random,
        )

    def is_trusted(self, copy: Copy) -> bool:
        """Whether it may be taken for fresh while the store is away."""
        return self.now() < copy.checked + LOCAL_ONLY_SECONDS

    def hold(self, shelf: Shelf, name: str, copy: Copy, options: Options, now: float, *, vouched: bool) -> None:
        """Hold a copy. When the store has not `vouched` for it, it is asked for again soon."""
        seconds = self._settings.l1_ttl if options.l1_seconds is None else options.l1_seconds
        if not vouched:
            seconds = min(LOCAL_ONLY_SECONDS, seconds)
        copy.checked = now
        copy.tags = options.tags
        copy.vouched_until = now + seconds
        copy.generation = shelf.generation
        quiet = min(copy.soft - self._window(options) * (copy.soft - copy.created), copy.vouched_until, _LAST)
        copy.quiet_until = LONG_AGO if copy.cleared else datetime.fromtimestamp(quiet, UTC)
        self.copies.set(name, copy)

    def rest(self, shelf: Shelf, name: str, copy: Copy, seconds: float) -> None:
        """Hold a copy that nobody is to compute anew for a while, since that has just failed."""
        copy.generation = shelf.generation
        until = min(self.now() + seconds, copy.hard, _LAST)
        copy.quiet_until = datetime.fromtimestamp(until, UTC)
        copy.vouched_until = 0.0
        self.copies.set(name, copy)

    def _needs_no_question(self, copy: Copy, options: Options) -> bool:
        now = self.now()
        return copy.is_fresh(now) and now < copy.vouched_until and not self.is_due(copy, options, now)

    def _window(self, options: Options) -> float:
        return self._settings.window if options.window is None else options.window
