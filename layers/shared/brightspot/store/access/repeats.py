"""How often one request asks the same thing: a question for each row of a list is a list's question and N more."""

import threading
from collections.abc import Hashable
from typing import Final

from brightspot.telemetry import RequestContext, request_at_hand

_REQUESTS_KEPT: Final = 64  # more than a process has under way
_QUESTIONS_KEPT: Final = 1000  # of one pattern: more than needed to call them many


class Repeats:
    """The last requests of this process, by what they asked. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # By the context itself and not by what it holds: messages of one batch have its id in common. Kept alive here,
        # so that no other one comes to its place in memory.
        self._requests: dict[int, tuple[RequestContext, dict[Hashable, set[int]]]] = {}

    def note(self, pattern: Hashable, question: int) -> int:
        """The how manieth question of a pattern this is of the request at hand.

        0 outside of any request, and for one that it asked before: who waits for something asks it again.
        """
        context = request_at_hand()
        if context.correlation_id is None:
            return 0
        with self._lock:
            _, asked = self._requests.setdefault(id(context), (context, {}))
            if len(self._requests) > _REQUESTS_KEPT:
                del self._requests[next(iter(self._requests))]
            questions = asked.setdefault(pattern, set())
            if question in questions:
                return 0
            if len(questions) < _QUESTIONS_KEPT:
                questions.add(question)
            return len(questions)
