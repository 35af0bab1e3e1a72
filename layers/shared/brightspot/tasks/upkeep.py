"""What keeps the table of tasks in order: finished tasks are forgotten, and lost ones sent again."""

from collections.abc import Iterator
from typing import Final

import msgspec

from brightspot.core.clock import Clock
from brightspot.resilience.deadline import Deadline
from brightspot.store import access_pattern
from brightspot.tasks.dispatch import Dispatch
from brightspot.tasks.releases import RELEASING
from brightspot.tasks.rows import FINISHED, Head, Key, Shelved, TaskTable, change, heads_of, shelves
from brightspot.tasks.spec import milliseconds

_PAGE: Final = 100
_LOST_AFTER_SECONDS: Final = 900  # a message that was received and not deleted is back by then, if its worker is lost
_MARGIN_SECONDS: Final = 2.0


class Forgotten(msgspec.Struct, frozen=True):
    """Finished tasks that were looked at and deleted, and whether all were looked at before the deadline."""

    examined: int
    deleted: int
    complete: bool


class Resent(msgspec.Struct, frozen=True):
    """Unfinished tasks that were looked at and sent again, and whether all were looked at before the deadline."""

    examined: int
    resent: int
    complete: bool


class Upkeep:
    """Safe to share between threads; each may be done again, and goes on where it ended."""

    def __init__(self, table: TaskTable, dispatch: Dispatch, clock: Clock, *, kept_seconds: float) -> None:
        self._table = table
        self._dispatch = dispatch
        self._clock = clock
        self._kept_seconds = kept_seconds

    def forget(self, deadline: Deadline, *, dry_run: bool) -> Forgotten:
        """Delete tasks that ended longer ago than they are kept, with all their rows. Raises TableUnavailable."""
        before = milliseconds(self._clock.now()) - round(self._kept_seconds * 1000)
        examined = deleted = 0
        for page in self._pages(sorted(FINISHED)):
            if deadline.remaining() <= _MARGIN_SECONDS:
                return Forgotten(examined, deleted, complete=False)
            old = [each.id for each in page if each.since <= before]
            if old and not dry_run:
                self._delete(old)
            examined, deleted = examined + len(page), deleted + len(old)
        return Forgotten(examined, deleted, complete=True)

    def resend(self, deadline: Deadline, *, dry_run: bool) -> Resent:
        """Send tasks anew that no worker may know of. Raises AwsUnavailable.

        Those are: queued for a quarter of an hour, or past their time, or running under a lease that has ended, or
        ended with dependents that were not told. One that is only late is sent twice, which does nothing twice.
        """
        examined = resent = 0
        for page in self._pages(("queued", "scheduled", "running", RELEASING)):
            if deadline.remaining() <= _MARGIN_SECONDS:
                return Resent(examined, resent, complete=False)
            late = [each.id for each in page if self._is_late(each)]
            sent = late if dry_run else self._resent(late)
            examined, resent = examined + len(page), resent + len(sent)
        return Resent(examined, resent, complete=True)

    def _is_late(self, each: Shelved) -> bool:
        """By the last time that is known of it."""
        last = max(each.since, each.lease, each.due)
        return last <= milliseconds(self._clock.now()) - _LOST_AFTER_SECONDS * 1000

    @access_pattern("tasks: send lost ones again")
    def _resent(self, ids: list[str]) -> list[str]:
        heads = [each for each in heads_of(self._table, ids).values() if self._is_lost(each)]
        marked = [each for each in heads if self._table.write([change(each, since=milliseconds(self._clock.now()))])]
        self._dispatch.send(marked)
        return [each.id for each in marked]

    def _is_lost(self, head: Head) -> bool:
        unfinished = head.state in {"queued", "scheduled", "running"} or head.shelf.startswith(RELEASING)
        return unfinished and self._is_late(Shelved(head.id, head.since, head.lease, head.due))

    @access_pattern("tasks: delete old ones")
    def _delete(self, ids: list[str]) -> None:
        """The head goes last: what is interrupted is found again."""
        parts = [Key(str(row["id"]), str(row["part"])) for each in ids for row in self._table.parts(each, "")]
        self._table.delete([each for each in parts if each != Key(each.id)])
        self._table.delete([Key(each) for each in ids])

    def _pages(self, states: "tuple[str, ...] | list[str]") -> Iterator[list[Shelved]]:
        """All tasks of these states, the oldest of each shelf first."""
        for shelf in (shelf for state in states for shelf in shelves(state)):
            beyond = ""
            while page := self._page(shelf, beyond):
                yield page
                beyond = page[-1].id
                if len(page) < _PAGE:
                    break

    @access_pattern("tasks: a shelf of a state", fan_out=16)
    def _page(self, shelf: str, beyond: str) -> list[Shelved]:
        return self._table.shelved(shelf, beyond, _PAGE, newest_first=False)
