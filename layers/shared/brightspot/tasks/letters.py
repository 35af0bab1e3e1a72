"""Redrives dead letters: each names a task that failed for good, which is done anew."""

import logging
from typing import Final

import msgspec

from brightspot.core.errors import Conflict, NotFound
from brightspot.store import Inbox, Message, StoreSettings
from brightspot.tasks.orders import Orders
from brightspot.tasks.settings import TaskSettings
from brightspot.tasks.shapes import DeadTask, Redriven, TaskPriority, TaskRef

_HIDDEN_SECONDS: Final = 60
_MOST_A_CALL: Final = 10
_log = logging.getLogger(__name__)
_letters = msgspec.json.Decoder(Message[DeadTask])
_refs = msgspec.json.Decoder(Message[TaskRef])


class Letters:
    """The dead-letter queue. Safe to share between threads."""

    def __init__(self, orders: Orders, settings: TaskSettings, store: StoreSettings) -> None:
        self._orders = orders
        self._inbox = Inbox(store, settings.dead_letters_url) if settings.dead_letters_url else None

    def redrive(self, priority: TaskPriority | None, limit: int) -> Redriven:
        """Have the tasks of at most `limit` letters done anew, those of one priority or all; each letter goes then.

        A letter whose task has no need of it goes too: it is gone, or was redriven by itself. One that cannot be read
        stays, and one of another priority. Raises AwsUnavailable; what was redriven by then is.
        """
        examined = redriven = left = 0
        inbox = self._inbox
        while inbox is not None and examined < limit:
            some = inbox.receive(min(_MOST_A_CALL, limit - examined), _HIDDEN_SECONDS)
            if not some:
                break
            for each in some:
                examined += 1
                verdict = self._redriven(each.body, priority)
                if verdict is None:
                    left += 1
                    continue
                redriven += verdict
                inbox.delete(each)
        return Redriven(examined, redriven, left)

    def _redriven(self, body: str, priority: TaskPriority | None) -> bool | None:
        """Whether a letter's task is done anew; None when the letter is to stay."""
        task_id = _task_of(body)
        if task_id is None:
            return None
        try:
            head = self._orders.look(task_id)
            if priority is not None and head.priority != priority:
                return None
            self._orders.redrive(task_id)
        except (NotFound, Conflict) as error:
            _log.info("dead_letter_needless", extra={"task": task_id, "reason": str(error)})
            return False
        return True


def _task_of(body: str) -> str | None:
    """The task of a letter of ours, or of a message that SQS moved here since no worker could handle it."""
    for decoder in (_letters, _refs):
        try:
            return decoder.decode(body).body.id
        except msgspec.DecodeError:
            continue
    _log.warning("dead_letter_unreadable")
    return None
