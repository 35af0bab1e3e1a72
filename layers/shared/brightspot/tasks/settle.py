"""What becomes of a task when those that it depends on end: the arithmetic of its counters."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from brightspot.tasks.rows import MET, Head, Key, Row
from brightspot.tasks.shapes import State

DEPENDENCY: Final = "dependency"  # the reason of a state that others brought about, and others may take back

Ending = Literal["done", "bad", "pending"]


class Met(NamedTuple):
    """How a run of a dependency ended; `pending` takes back what an earlier run had been counted as."""

    run: int
    ending: Ending


class Counted(NamedTuple):
    """What a dependent's counters are after some of its dependencies were counted, and the state that follows."""

    waits: int
    bad: int
    state: State
    anew: bool  # what had failed or was skipped for others is back: its own dependents must count it again


def met_of(head: Head) -> Met:
    """How a finished task counts for those that depend on it."""
    return Met(head.run, "done" if head.state == "done" else "bad")


def met_in(row: Row | None) -> Met | None:
    """What was counted before."""
    return None if row is None else Met(int(row["run"]), str(row["ending"]))  # type: ignore[arg-type]  # as written


def met_key(dependent: str, dependency: str) -> Key:
    """Of the row that says what was counted."""
    return Key(dependent, f"{MET}{dependency}")


def is_news(old: Met | None, new: Met) -> bool:
    """Whether there is something to count: a later run, or the end of one that was taken back."""
    if old is None:
        return new.ending != "pending"
    return old.run < new.run or (old.run == new.run and old.ending == "pending" != new.ending)


def counted(head: Head, news: Mapping[str, tuple[Met | None, Met]], now: int) -> Counted:
    """The counters of a dependent after these (old, new) endings of dependencies, and its state by them."""
    ended = sum(_ended(new) - (0 if old is None else _ended(old)) for old, new in news.values())
    failed = sum(_failed(new) - (0 if old is None else _failed(old)) for old, new in news.values())
    waits, bad = head.waits - ended, head.bad + failed
    state = _state(head, waits, bad, now)
    return Counted(waits, bad, state, anew=head.is_finished and state != head.state)


def _state(head: Head, waits: int, bad: int, now: int) -> State:
    if head.state != "waiting" and head.reason != DEPENDENCY:
        return head.state
    if bad and head.policy != "run":
        return "failed" if head.policy == "fail" else "skipped"
    if waits:
        return "waiting"
    return "scheduled" if head.due > now else "queued"


def _ended(met: Met) -> int:
    return int(met.ending != "pending")


def _failed(met: Met) -> int:
    return int(met.ending == "bad")
