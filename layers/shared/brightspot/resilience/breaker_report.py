"""Outcomes on their way to the shared store: read back when their trip has run, counted here when it failed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from brightspot.resilience.breaker_events import Result, Verdict
from brightspot.valkey import Answer, StoreUnavailable


@dataclass(frozen=True, slots=True)
class Sent:
    """One outcome and the answer that its script will have; None when there is no store."""

    name: str
    result: Result
    lease: str
    answer: Answer | None

    def verdict(self) -> Verdict | None:
        """What the shared state made of it; None when it never learned of it, as far as one can know."""
        try:
            value = self.answer.value if self.answer is not None else None
        except StoreUnavailable:
            return None
        return None if value is None else Verdict.of(value)


class Report:
    """Call `settle` once after the trip, whether it came back or not."""

    def __init__(self, sent: Sequence[Sent], settle: Callable[[Sent], None]) -> None:
        self._sent = list(sent)
        self._settle = settle

    def settle(self) -> None:
        """Log what changed; count here what the store did not answer. Doing it twice changes nothing."""
        sent, self._sent = self._sent, []
        for each in sent:
            self._settle(each)
