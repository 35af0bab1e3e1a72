"""What the end of a task means for those that wait for it.

Each dependency is counted once per dependent and run: in one transaction its `met#` row is written, under the condition
that it is as it was read, and the dependent's counters change, under the condition that they are as they were read.
Whoever does it again finds the row, and changes nothing. A dependent that can go on, or that failed with its
dependency, is then sent a message of its own: a failure travels through a graph by messages, without recursion.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Final

import msgspec

from brightspot.core.clock import Clock
from brightspot.store import TableUnavailable, access_pattern
from brightspot.tasks.dispatch import Dispatch
from brightspot.tasks.rows import (
    MOST_TOGETHER,
    NEXT,
    Effect,
    Head,
    Key,
    Row,
    TaskTable,
    Value,
    When,
    change,
    head_in,
    shelf_of,
)
from brightspot.tasks.settle import DEPENDENCY, Counted, Met, counted, is_news, met_in, met_key, met_of
from brightspot.tasks.shapes import TaskFailure
from brightspot.tasks.spec import log_in, milliseconds, packed_log, told

RELEASING: Final = "releasing"  # the shelf of a finished task whose dependents are still to be told
_MOST_TRIES: Final = 40  # of one dependent that many dependencies change at once
_PAUSE_SECONDS: Final = 0.01

Ends = Mapping[str, Mapping[str, Met]]  # by dependent and dependency


class Releases:
    """Tells dependents. Safe to share between threads."""

    def __init__(
        self,
        table: TaskTable,
        dispatch: Dispatch,
        clock: Clock,
        random: Random,
        *,
        kept_seconds: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = table
        self._dispatch = dispatch
        self._clock = clock
        self._random = random
        self._kept_seconds = kept_seconds
        self._sleep = sleep

    def release(self, finished: Iterable[Head]) -> None:
        """Have all dependents of finished tasks told, and those sent that may go on.

        Done again it counts nothing twice, and sends again what still waits for a worker. Raises AwsUnavailable: some
        may not have been told then, and it must be done again.
        """
        heads = [each for each in finished if each.next]
        ends: dict[str, dict[str, Met]] = {}
        for head in heads:
            for dependent in self.dependents(head.id):
                ends.setdefault(dependent, {})[head.id] = met_of(head)
        self._dispatch.send([each for each in self.meet(ends).values() if is_to_be_sent(each)])
        for head in heads:
            if head.shelf.startswith(RELEASING):
                self._note_told(head)

    @access_pattern("tasks: note that dependents were told")
    def _note_told(self, head: Head) -> None:
        self._table.write([change(head, shelf=shelf_of(head.state, head.id))])

    @access_pattern("tasks: who waits for a task")
    def dependents(self, task_id: str) -> list[str]:
        """The ids of those that depend on a task."""
        return [str(row["part"]).removeprefix(NEXT) for row in self._table.parts(task_id, NEXT)]

    @access_pattern("tasks: count dependencies that ended")
    def meet(self, ends: Ends) -> dict[str, Head]:
        """Count ends of dependencies, those that were not counted before; the dependents as they are then.

        One that is not there is left out: whoever submits it looks at its dependencies once it is.
        """
        left, met = dict(ends), dict[str, Head | None]()
        for attempt in range(_MOST_TRIES):
            if not left:
                return {each: head for each, head in met.items() if head is not None}
            if attempt:
                self._sleep(self._random.uniform(0, _PAUSE_SECONDS * attempt))
            met |= self._once(left, together=not attempt)
            left = {each: ends[each] for each in left if each not in met}
        raise TableUnavailable(f"{len(left)} tasks could not be told that a dependency of theirs ended: too many wrote")

    def _once(self, ends: Ends, *, together: bool) -> dict[str, Head | None]:
        """Those that have counted all, as they are now; None for one that is not there."""
        keys = {Key(each) for each in ends} | {met_key(each, of) for each, sources in ends.items() for of in sources}
        rows, now = self._table.read(keys), milliseconds(self._clock.now())
        after: dict[str, Head | None] = {}
        groups: list[tuple[str, Head, list[Effect]]] = []
        for dependent, sources in ends.items():
            row = rows.get(Key(dependent))
            head = None if row is None else head_in(row)
            news = {} if head is None else _news(dependent, sources, rows)
            if head is None or not news:
                after[dependent] = head
                continue
            # A head and its rows go together: of hundreds of dependencies, as many as fit; the others next time.
            some = dict(list(news.items())[: MOST_TOGETHER - 1])
            changed, effect = self._changed(head, some, now)
            groups.append((dependent if len(some) == len(news) else "", changed, [effect, *_notes(dependent, some)]))
        for done in self._written(groups, together=together):
            dependent, changed, _ = groups[done]
            if dependent:
                after[dependent] = changed
        return after

    def _written(self, groups: list[tuple[str, Head, list[Effect]]], *, together: bool) -> list[int]:
        everything = [effect for *_, effects in groups for effect in effects]
        if together and len(groups) > 1 and len(everything) <= MOST_TOGETHER and self._table.write(everything):
            return list(range(len(groups)))
        return [at for at, (*_, effects) in enumerate(groups) if self._table.write(effects)]

    def _changed(self, head: Head, news: Mapping[str, tuple[Met | None, Met]], now: int) -> tuple[Head, Effect]:
        after = counted(head, news, now)
        sets: dict[str, Value] = {"waits": after.waits, "bad": after.bad}
        if after.state != head.state:
            sets |= self._moved(head, after, news, now)
        same = (When(name, "=", getattr(head, name)) for name in ("waits", "bad", "next"))
        return msgspec.structs.replace(head, **sets), change(head, *same, **sets)

    def _moved(
        self, head: Head, after: Counted, news: Mapping[str, tuple[Met | None, Met]], now: int
    ) -> dict[str, Value]:
        """What a change of state brings."""
        sets: dict[str, Value] = {"state": after.state, "since": now, "shelf": shelf_of(after.state, head.id)}
        log = log_in(head.log)
        if after.state in {"failed", "skipped"}:
            cause = next((each for each, (_, new) in news.items() if new.ending == "bad"), head.cause)
            failure = TaskFailure("DependencyFailed", f"it depends on {cause}, which did not end as done")
            log = msgspec.structs.replace(log, error=failure, finished_at=told(now))
            sets |= {"reason": DEPENDENCY, "cause": cause, "expires_at": now // 1000 + int(self._kept_seconds)}
            if head.next:
                sets["shelf"] = shelf_of(RELEASING, head.id)
        elif after.anew:
            log = msgspec.structs.replace(log, error=None, finished_at=None)
            sets |= {"reason": "", "cause": "", "run": head.run + 1, "attempt": 0, "expires_at": 0}
        return {**sets, "log": packed_log(log)}


def _news(dependent: str, sources: Mapping[str, Met], rows: Mapping[Key, Row]) -> dict[str, tuple[Met | None, Met]]:
    pairs = {each: (met_in(rows.get(met_key(dependent, each))), new) for each, new in sources.items()}
    return {each: (old, new) for each, (old, new) in pairs.items() if is_news(old, new)}


def _notes(dependent: str, news: Mapping[str, tuple[Met | None, Met]]) -> list[Effect]:
    """The `met#` rows, each as it was read."""
    return [
        Effect(
            met_key(dependent, each)._asdict(),
            {"run": new.run, "ending": new.ending},
            when=[When("id", "absent")]
            if old is None
            else [When("run", "=", old.run), When("ending", "=", old.ending)],
        )
        for each, (old, new) in news.items()
    ]


def is_to_be_sent(head: Head) -> bool:
    """Its worker, or whoever waits for it, may not know yet."""
    waits_for_a_worker = head.state in {"queued", "scheduled"} and not head.attempt
    return waits_for_a_worker or (head.reason == DEPENDENCY and head.shelf.startswith(RELEASING))
