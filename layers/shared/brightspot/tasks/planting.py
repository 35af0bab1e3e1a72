"""Puts new tasks into the table, in the order that makes a race with the end of a dependency harmless.

1. The dependency is marked as one that others wait for. From then on it cannot end without its dependents being looked
   up, since a task that nobody waits for ends under the condition that this is so.
2. The rows that say who waits for it are written, then the new tasks, each after those that it depends on.
3. The dependencies are read again. One that has ended by now, whether or not its end saw the new rows, is counted
   here; counting twice is counting once.

Killed in between it leaves rows that nothing leads to, or tasks of which each is whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from brightspot.core.clock import Clock
from brightspot.core.errors import InputRefused
from brightspot.store import TableUnavailable, access_pattern
from brightspot.tasks.releases import Releases
from brightspot.tasks.rows import MOST_TOGETHER, NEXT, Effect, Head, TaskTable, When, heads_of, row_of
from brightspot.tasks.settle import met_of
from brightspot.tasks.spec import milliseconds

_MOST_BYTES: Final = 3_000_000  # of one transaction, which may have 4 MB
_EDGES_KEPT_SECONDS: Final = 400 * 86_400  # longer than any task waits
_TRIES: Final = 10


@dataclass(frozen=True, slots=True)
class Seed:
    """A new task: its row, what of it has not ended as done, and whether others may write it at the same time."""

    head: Head
    sources: Sequence[str]
    is_keyed: bool


class Planting:
    """Safe to share between threads."""

    def __init__(self, table: TaskTable, releases: Releases, clock: Clock) -> None:
        self._table = table
        self._releases = releases
        self._clock = clock

    def plant(self, seeds: Sequence[Seed], awaited: Mapping[str, Head]) -> list[Head]:
        """Write tasks, each after those that it depends on; as they are then. Raises TableUnavailable, InputRefused.

        `awaited` are the tasks of earlier calls that some depend on, as they were read.
        """
        needed = {each for seed in seeds for each in seed.sources}
        for each in needed & awaited.keys():
            self._mark(awaited[each])
        self._put_edges(seeds)
        heads = {seed.head.id: msgspec.structs.replace(seed.head, next=int(seed.head.id in needed)) for seed in seeds}
        alone = {seed.head.id for seed in seeds if not seed.sources and not seed.is_keyed}
        self._put_heads(heads, alone)
        return [*(heads | self._counted(seeds, needed & awaited.keys())).values()]

    @access_pattern("tasks: mark one that others wait for")
    def _mark(self, head: Head) -> None:
        for _ in range(_TRIES if not head.next else 0):
            if self._table.write([Effect(head.key._asdict(), {"next": 1}, when=[When("name", "present")])]):
                return
            if not self._table.read([head.key]):
                raise InputRefused("depends_on", f"there is no task {head.id} any more")
        if not head.next:
            raise TableUnavailable(f"task {head.id} could not be marked: too many wrote")

    @access_pattern("tasks: keep who waits for whom")
    def _put_edges(self, seeds: Sequence[Seed]) -> None:
        until = milliseconds(self._clock.now()) // 1000 + _EDGES_KEPT_SECONDS
        edges = [(source, f"{NEXT}{seed.head.id}") for seed in seeds for source in seed.sources]
        self._table.put([{"id": source, "part": part, "expires_at": until} for source, part in edges])

    @access_pattern("tasks: keep new ones")
    def _put_heads(self, heads: Mapping[str, Head], alone: set[str]) -> None:
        """What others may write already is put where there is nothing yet: a second try must not undo what they did."""
        self._table.put([row_of(heads[each]) for each in heads if each in alone])
        for chunk in _chunks([head for each, head in heads.items() if each not in alone]):
            if not self._table.write([_put(each) for each in chunk]):
                for each in chunk:
                    self._put_one(each)

    def _put_one(self, head: Head) -> None:
        for _ in range(_TRIES):
            if self._table.write([_put(head)]) or self._table.read([head.key]):
                return
        raise TableUnavailable(f"task {head.id} could not be kept: too many wrote")

    @access_pattern("tasks: whether dependencies have ended")
    def _counted(self, seeds: Sequence[Seed], outside: set[str]) -> dict[str, Head]:
        if not outside:
            return {}
        finished = {each: head for each, head in heads_of(self._table, outside).items() if head.is_finished}
        ends = {
            seed.head.id: {each: met_of(finished[each]) for each in seed.sources if each in finished} for seed in seeds
        }
        return self._releases.meet({each: those for each, those in ends.items() if those})


def _put(head: Head) -> Effect:
    return Effect(head.key._asdict(), row_of(head), when=[When("id", "absent")], puts=True)


def _chunks(heads: Sequence[Head]) -> Iterator[list[Head]]:
    """In their order, such that each fits into one transaction."""
    chunk: list[Head] = []
    size = 0
    for each in heads:
        if chunk and (len(chunk) == MOST_TOGETHER or size + len(each.spec) > _MOST_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(each)
        size += len(each.spec) + 500
    if chunk:
        yield chunk
