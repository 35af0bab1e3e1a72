"""Writes the ends of attempts, many together, each with the effects that its task asked for."""

import time
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

import msgspec

from brightspot.store import TableUnavailable, access_pattern
from brightspot.tasks.attempts import Attempts, Ending, reread
from brightspot.tasks.rows import MOST_TOGETHER, Effect, Head, TaskTable, When, change

_MOST_TRIES: Final = 6
_PAUSE_SECONDS: Final = 0.02


class EffectRefused(Exception):
    """An effect's condition did not hold, or too many others wrote its row."""


class Ends:
    """Writes ends. Safe to share between threads."""

    def __init__(
        self,
        table: TaskTable,
        attempts: Attempts,
        random: Random,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = table
        self._attempts = attempts
        self._random = random
        self._sleep = sleep

    @access_pattern("tasks: keep how one ended")
    def write(self, endings: Sequence[Ending]) -> list[tuple[Ending, Head | None]]:
        """Each ending that was written, and its task as it is then; None for one that is another worker's by now.

        An ending may be another one than was asked: where an effect is refused the attempt has failed.
        """
        written: list[tuple[Ending, Head | None]] = []
        for some in _groups(endings):
            if len(some) > 1 and self._table.write([effect for each in some for effect in _effects(each)]):
                written += [(each, _after(each)) for each in some]
            else:
                written += [self._one(each) for each in some]
        return written

    def _one(self, ending: Ending) -> tuple[Ending, Head | None]:
        for attempt in range(_MOST_TRIES):
            if attempt:
                self._sleep(self._random.uniform(0, _PAUSE_SECONDS * 2**attempt))
            if self._table.write(_effects(ending)):
                return ending, _after(ending)
            now = reread(self._table, ending.head.id)
            if now is None or (now.owner, now.run) != (ending.head.owner, ending.head.run):
                return ending, None
            if now.state != "running":  # it was written, and the answer was lost
                return ending, now
            ending = _on(now, ending)
        if not ending.effects:
            raise TableUnavailable(f"task {ending.head.id} has ended, which could not be written: too many wrote")
        refused = EffectRefused("what it asked to be changed together with its end was refused")
        return self._one(self._attempts.given_up(ending.head, refused))


def _on(now: Head, ending: Ending) -> Ending:
    """The same ending of a head that has changed: others wait for it by now, or it was told to stop."""
    return Ending(now, ending.sets, ending.effects, ending.failure, ending.again)


def _effects(ending: Ending) -> list[Effect]:
    """A task that nobody waits for ends only while that is so: whoever comes to wait must not be missed."""
    return [change(ending.head, When("next", "=", ending.head.next), **ending.sets), *ending.effects]


def _after(ending: Ending) -> Head:
    return msgspec.structs.replace(ending.head, **ending.sets)


def _groups(endings: Sequence[Ending]) -> Iterator[list[Ending]]:
    """Those that fit into one transaction, in which no row may be changed twice."""
    group: list[Ending] = []
    rows: set[tuple[str, ...]] = set()
    for each in endings:
        own = {(effect.aggregate, *effect.key.values()) for effect in _effects(each)}
        if group and (rows & own or len(rows) + len(own) > MOST_TOGETHER):
            yield group
            group, rows = [], set()
        group.append(each)
        rows |= own
    if group:
        yield group
