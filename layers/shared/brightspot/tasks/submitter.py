"""Submits tasks: finds what they depend on, gives them their ids, and has those sent that can run."""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.core.errors import InputRefused
from brightspot.core.ids import is_id, new_id
from brightspot.store import AwsUnavailable, TableUnavailable, access_pattern
from brightspot.tasks.dispatch import Dispatch
from brightspot.tasks.drafts import head_of, spec_of
from brightspot.tasks.plan import in_order, labels_of
from brightspot.tasks.planting import Planting, Seed
from brightspot.tasks.releases import is_to_be_sent
from brightspot.tasks.rows import Effect, Head, Key, TaskTable, Value, When, heads_of
from brightspot.tasks.settings import TaskSettings
from brightspot.tasks.shapes import NewTask, TaskId
from brightspot.tasks.spec import Spec, milliseconds, packed_spec
from brightspot.telemetry import TASKS_SUBMITTED, count

_TRIES = 10
_log = logging.getLogger(__name__)


class Submitter:
    """Safe to share between threads."""

    def __init__(
        self, table: TaskTable, dispatch: Dispatch, planting: Planting, settings: TaskSettings, clock: Clock
    ) -> None:
        self._table = table
        self._dispatch = dispatch
        self._planting = planting
        self._settings = settings
        self._clock = clock

    def submit(self, tasks: Sequence[NewTask]) -> list[TaskId]:
        """The ids of the tasks, in their order. Raises InputRefused, and TableUnavailable: some may be there then.

        A queue that takes no message is no failure: the tasks stand in the table, and are sent by `resend_lost_tasks`.
        """
        labels, now = labels_of(tasks), self._clock.now()
        order = in_order(tasks, labels)
        specs = [spec_of(task, now) for task in tasks]
        known = self._known({each for task in tasks for each in task.config.depends_on} - labels.keys())
        awaited = self._awaited(known.values())
        ids = [self._id(task, now) for task in tasks]
        awaited |= self._heads({each for each, task in zip(ids, tasks, strict=True) if task.config.key is not None})
        known |= {label: ids[at] for label, at in labels.items()}
        seeds: dict[str, Seed] = {}
        for at in order:
            if ids[at] not in awaited and ids[at] not in seeds:
                needs = list(dict.fromkeys(known[each] for each in tasks[at].config.depends_on))
                spec = msgspec.structs.replace(specs[at], depends_on=needs)
                seeds[ids[at]] = self._seed(tasks[at], ids[at], spec, awaited, now=now)
        self._send(self._planting.plant(list(seeds.values()), awaited))
        return [TaskId(each) for each in ids]

    def _seed(self, task: NewTask, task_id: str, spec: Spec, awaited: Mapping[str, Head], *, now: datetime) -> Seed:
        sources = [each for each in spec.depends_on if each not in awaited or awaited[each].state != "done"]
        packed, retries = packed_spec(spec, task.name), self._settings.retries
        head = head_of(task, task_id, packed, len(sources), now, retries=retries)
        return Seed(head, sources, is_keyed=task.config.key is not None)

    @access_pattern("tasks: the newest of a name")
    def _known(self, named: Iterable[str]) -> dict[str, str]:
        """The ids of tasks of earlier calls, by how they were named."""
        known: dict[str, str] = {}
        for each in named:
            found = [each] if is_id(each) else self._table.named(each, "", 1)
            if not found:
                raise InputRefused(
                    "depends_on", f"there is no task named {each}; send the id of one, or submit it first"
                )
            known[each] = found[0]
        return known

    def _awaited(self, ids: Iterable[str]) -> dict[str, Head]:
        heads = self._heads(ids)
        for each in ids:
            if each not in heads:
                raise InputRefused("depends_on", f"there is no task {each}; send the id of one that is kept")
        return heads

    @access_pattern("tasks: those that others name")
    def _heads(self, ids: Iterable[str]) -> dict[str, Head]:
        return heads_of(self._table, set(ids))

    @access_pattern("tasks: claim an idempotency key")
    def _id(self, task: NewTask, now: datetime) -> str:
        """A new one, or the one that its key stands for."""
        mine = new_id(now)
        if task.config.key is None:
            return mine
        named = codec.dumps([task.config.tenant, task.name, task.config.key])
        key = Key(f"key#{hashlib.sha256(named).hexdigest()}")
        at = milliseconds(now) // 1000
        sets: dict[str, Value] = {
            "task": mine,
            "expires_at": at + int(self._settings.kept_days * 86_400 + task.config.delay_seconds),
        }
        when = When("id", "absent")
        for _ in range(_TRIES):
            if self._table.write([Effect(key._asdict(), sets, when=[when], puts=True)]):
                return mine
            row = self._table.read([key]).get(key)
            if row is not None and int(row["expires_at"]) > at:
                return str(row["task"])
            when = When("id", "absent") if row is None else When("task", "=", row["task"])
        raise TableUnavailable("a key of a task could not be claimed: too many wrote")

    def _send(self, heads: Sequence[Head]) -> None:
        for head in heads:
            count(TASKS_SUBMITTED, 1, priority=head.priority)
        ready = [head for head in heads if is_to_be_sent(head)]
        try:
            self._dispatch.send(ready)
        except AwsUnavailable as error:
            _log.warning("tasks_not_sent", extra={"count": len(ready), "error": str(error)})
