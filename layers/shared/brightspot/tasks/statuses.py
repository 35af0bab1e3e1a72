"""What is told of tasks: one by its id, or a list by name or state."""

from collections.abc import Iterable, Sequence
from typing import Final, get_args

from brightspot.core.errors import InputRefused
from brightspot.store import access_pattern, decode_cursor, encode_cursor
from brightspot.tasks.releases import RELEASING
from brightspot.tasks.rows import SHARDS, Head, TaskTable, heads_of, shelves
from brightspot.tasks.shapes import State, TaskPage, TaskProgress, TaskStatus
from brightspot.tasks.spec import log_in, spec_in, told

DEFAULT_LISTED: Final = 50
MOST_LISTED: Final = 100
_MOST_READ: Final = 20  # pages of one name, for those of a state


class Statuses:
    """Reads tasks. Safe to share between threads."""

    def __init__(self, table: TaskTable) -> None:
        self._table = table

    @access_pattern("tasks: one by its id")
    def one(self, task_id: str) -> TaskStatus | None:
        """None when there is no such task, or none any more."""
        head = heads_of(self._table, [task_id]).get(task_id)
        return None if head is None else status_of(head)

    @access_pattern("tasks: a page of a list", fan_out=36)
    def listed(self, name: str | None, state: State | None, limit: int, cursor: str | None) -> TaskPage:
        """The newest first. Raises InputRefused for a limit, a state or a cursor that is none."""
        if not 1 <= limit <= MOST_LISTED:
            raise InputRefused("limit", f"send 1 to {MOST_LISTED}")
        if state is not None and state not in get_args(State):
            raise InputRefused("state", f"send one of {', '.join(get_args(State))}")
        listing = f"tasks {name or ''}/{state or ''}"
        before = "" if cursor is None else decode_cursor(listing, cursor)
        found, last = self._named(name, state, limit, before) if name else self._shelved(state, limit, before)
        return TaskPage([status_of(each) for each in found], encode_cursor(listing, last) if last else None)

    @access_pattern("tasks: since when some are queued", fan_out=SHARDS)
    def queued_since(self) -> int | None:
        """Since when one is queued (Unix milliseconds), of the hundred of each shard that were submitted first."""
        pages = (self._table.shelved(shelf, "", MOST_LISTED, newest_first=False) for shelf in shelves("queued"))
        return min((each.since for page in pages for each in page), default=None)

    def _named(self, name: str, state: State | None, limit: int, before: str) -> tuple[list[Head], str]:
        """Heads, and the last id that was looked at if there may be more."""
        found: list[Head] = []
        for _ in range(_MOST_READ):
            ids = self._table.named(name, before, limit)
            for head in self._heads(ids):
                if state is None or head.state == state:
                    found.append(head)
                    if len(found) == limit:
                        return found, head.id
            if len(ids) < limit:
                return found, ""
            before = ids[-1]
        return found, before

    def _shelved(self, state: State | None, limit: int, before: str) -> tuple[list[Head], str]:
        """As above, merged from the shards of all states that are asked for."""
        states: Sequence[str] = get_args(State) if state is None else (state,)
        ids = {
            each.id
            for one in (*states, RELEASING)
            for shelf in shelves(one)
            for each in self._table.shelved(shelf, before, limit, newest_first=True)
        }
        newest = sorted(ids, reverse=True)[:limit]
        found = [head for head in self._heads(newest) if state is None or head.state == state]
        return found, newest[-1] if len(newest) == limit else ""

    def _heads(self, ids: Iterable[str]) -> list[Head]:
        """In this order, as they are now: what an index holds is a moment old."""
        heads = heads_of(self._table, ids)
        return [heads[each] for each in ids if each in heads]


def status_of(head: Head) -> TaskStatus:
    """A task as callers see it."""
    spec, log = spec_in(head.spec), log_in(head.log)
    return TaskStatus(
        id=head.id,
        name=head.name,
        state=head.state,
        priority=head.priority,
        tenant=spec.tenant,
        created_at=spec.at,
        started_at=told(head.since) if head.state == "running" else log.started_at,
        finished_at=log.finished_at,
        attempt=head.attempt,
        max_attempts=head.most,
        attempts=list(log.attempts),
        depends_on=list(spec.depends_on),
        waits_for=head.waits,
        progress=TaskProgress(head.done, head.total) if head.total else None,
        result=log.result,
        error=log.error,
    )
