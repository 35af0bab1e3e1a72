"""What a worker does with one address of a batch: analyse it, write its answer once, and in the end give up on it."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from brightspot.core.clock import Clock
from brightspot.core.errors import InputRefused
from brightspot.locations.answers import Answers
from brightspot.locations.batches.seam import Batches
from brightspot.locations.batches.shapes import BatchItem, Fault, Found
from brightspot.locations.request import AnalyzeRequest
from brightspot.resilience import Deadline
from brightspot.store import Message
from brightspot.telemetry import BATCH_ITEMS, count

_ITEM_SECONDS: Final = 10.0  # five of them and what is around them fit into the function's timeout
_log = logging.getLogger(__name__)


class BatchWorker:
    """Handles one message at a time; the same message twice, late or beside itself changes nothing."""

    def __init__(self, store: Batches, answers: Callable[[], Answers], clock: Clock, most_tries: int) -> None:
        self._store = store
        self._answers = answers
        self._clock = clock
        self._most_tries = most_tries

    def handle(self, message: Message[BatchItem]) -> None:
        """Raises what the analysis or the table raised, so that the message comes again.

        At its last delivery the batch gets an error for this address first: the queue moves the message to its dead
        letters then, and nobody else would tell the batch.
        """
        item = message.body
        if self._is_late(message):
            return
        try:
            found = self._found(item)
        except Exception as error:
            count(BATCH_ITEMS, outcome="failed")
            if message.attempt >= self._most_tries:
                told = f"the analysis failed {message.attempt} times ({type(error).__name__}); send it again later"
                self._store.finish(item, Fault("Analysis failed", told))
            raise
        if not self._is_late(message):
            written = self._store.finish(item, found)
            done = "refused" if isinstance(found, Fault) else "done"
            count(BATCH_ITEMS, outcome=done if written else "repeated")
            _log.info("batch_item_done", extra={"batch": item.batch, "slot": item.slot, "new": written})

    def _found(self, item: BatchItem) -> Found:
        request = AnalyzeRequest(item.address, item.radius_miles, item.persona, item.weights)
        deadline = Deadline.after(self._clock, _ITEM_SECONDS)
        try:
            return self._answers().answer(request, deadline, tenant=item.tenant, analysis_id=item.analysis_id)
        except InputRefused as refused:  # by other data than those that its sender had
            return Fault.of(refused)

    def _is_late(self, message: Message[BatchItem]) -> bool:
        """Whether the batch's readers hold this address for unanswered, and must not see it change."""
        late = message.deadline is not None and self._clock.now() >= datetime.fromisoformat(message.deadline)
        if late:
            count(BATCH_ITEMS, outcome="late")
            _log.warning("batch_item_late", extra={"batch": message.body.batch, "slot": message.body.slot})
        return late
