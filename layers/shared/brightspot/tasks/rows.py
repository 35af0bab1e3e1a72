"""What stands in the table of tasks, and the seam that reads and writes it: rows of plain values under conditions.

Rows by their key `id` and `part`:

- `<task>` `head`: the task itself (`Head`).
- `<task>` `next#<dependent>`: a task that waits for this one.
- `<task>` `met#<dependency>`: what was counted of a dependency of this task, and of the how manieth run of it.
- `key#<hash>` `head`: the task that a name, tenant and key stand for.

Whatever decides something is a condition on what was read before: two that read the same cannot both change it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Protocol

import msgspec

from brightspot.tasks.shapes import OnFailed, State, TaskPriority

AGGREGATE: Final = "tasks"
HEAD: Final = "head"
NEXT: Final = "next#"
MET: Final = "met#"
MOST_TOGETHER: Final = 100  # actions of a TransactWriteItems, keys of a BatchGetItem
FINISHED: Final = frozenset({"done", "failed", "cancelled", "skipped"})
SHARDS: Final = 4  # of a state's shelf: 1,000 changes of state per second each (docs/tasks.md)

Value = str | int | bytes
Row = Mapping[str, Value]


class Key(NamedTuple):
    """Of a row."""

    id: str
    part: str = HEAD


@dataclass(frozen=True, slots=True)
class When:
    """What a row must be like: an attribute that is `=` a value, `<` or `>` it, or `absent`, or `present`."""

    name: str
    test: Literal["=", "<", ">", "absent", "present"]
    value: Value = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """A change of one row: `puts` makes it anew, `sets`, `adds` and `removes` change it, `deletes` ends it.

    Done where all of `when` hold, else refused. `aggregate` names the table; `key` has the values of its keys.
    """

    key: Mapping[str, str]
    sets: Mapping[str, Value] = field(default_factory=dict)
    adds: Mapping[str, int] = field(default_factory=dict)
    removes: Sequence[str] = ()
    when: Sequence[When] = ()
    puts: bool = False
    deletes: bool = False
    aggregate: str = AGGREGATE


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """A task; times are Unix milliseconds, 0 where there is none.

    `since` is when its state began. `waits` counts the dependencies that have not ended, `bad` those that ended other
    than done. `run` counts redrives and revivals: what is counted of an earlier run gives way to a later one's.
    `next` is 1 when others may wait for it, `stop` when it is to be cancelled. `owner` and `lease` are of the worker
    that has it, or had it last. `spec` is what was submitted, `log` what came of it.
    """

    id: str
    part: str = HEAD
    name: str
    state: State
    shelf: str
    since: int
    priority: TaskPriority
    policy: OnFailed
    waits: int = 0
    bad: int = 0
    run: int = 0
    attempt: int = 0
    most: int
    due: int = 0
    owner: str = ""
    lease: int = 0
    next: int = 0
    stop: int = 0
    reason: str = ""
    cause: str = ""
    letter: int = 0
    done: int = 0
    total: int = 0
    spec: bytes
    log: bytes = b"{}"
    expires_at: int = 0

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def key(self) -> Key:
        return Key(self.id)


class Shelved(NamedTuple):
    """A task as an index has it: a moment old."""

    id: str
    since: int
    lease: int
    due: int


class TaskTable(Protocol):
    """Rows of tasks. Every method raises TableUnavailable."""

    def read(self, keys: Iterable[Key]) -> dict[Key, Row]:
        """The rows that there are, as of now."""
        ...

    def parts(self, task_id: str, prefix: str) -> list[Row]:
        """The rows of a task whose part begins so, as of now, in order."""
        ...

    def write(self, effects: Sequence[Effect]) -> bool:
        """All of them (at most 100, each of another row) or none; False when a condition did not hold, or others wrote.

        When the answer is lost the same is asked again; whoever then is told False finds its own mark in the rows.
        """
        ...

    def put(self, rows: Sequence[Row]) -> None:
        """Write rows that nobody else writes, in no order."""
        ...

    def delete(self, keys: Sequence[Key]) -> None:
        """Delete rows, in no order; some may be gone when it raises."""
        ...

    def named(self, name: str, before: str, limit: int) -> list[str]:
        """Ids of the tasks of a name, the newest first, below the id `before` ("": all); as of a moment ago."""
        ...

    def shelved(self, shelf: str, beyond: str, limit: int, *, newest_first: bool) -> list[Shelved]:
        """Tasks of a shelf by their id, beyond the id `beyond` ("": from the start); as of a moment ago."""
        ...


def shelf_of(state: str, task_id: str) -> str:
    """Where the index keeps a task of this state: one of a few shards, by the random end of its id."""
    return f"{state}#{ord(task_id[-1]) % SHARDS}"


def shelves(state: str) -> list[str]:
    """All shelves of a state."""
    return [f"{state}#{shard}" for shard in range(SHARDS)]


def head_in(row: Row) -> Head:
    """The task whose head a row is."""
    return msgspec.convert(row, Head)


def row_of(head: Head) -> Row:
    """A head as a row; what has no value is left out."""
    row: dict[str, Value] = msgspec.structs.asdict(head)
    if not head.expires_at:
        del row["expires_at"]
    return row


def change(head: Head, *when: When, **sets: Value) -> Effect:
    """A change of a head that is still as it was read: in its state, run, and owner."""
    same = (When("state", "=", head.state), When("run", "=", head.run), When("owner", "=", head.owner))
    ends = "expires_at" in sets and not sets["expires_at"]  # a time of 0 would have been long ago
    kept = {name: value for name, value in sets.items() if not (ends and name == "expires_at")}
    return Effect(head.key._asdict(), kept, removes=("expires_at",) if ends else (), when=(*same, *when))


def heads_of(table: TaskTable, ids: Iterable[str]) -> dict[str, Head]:
    """The tasks that there are, by their id, as of now."""
    return {key.id: head_in(row) for key, row in table.read(Key(each) for each in ids).items()}
