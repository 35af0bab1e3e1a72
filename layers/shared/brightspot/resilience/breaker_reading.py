"""States of breakers as read from the shared store, with the server's time to judge them by."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from brightspot.resilience.breaker_events import BreakerStatus, State
from brightspot.valkey import Trip


def key_of(name: str) -> str:
    return f"bs:breaker:{{{name}}}:state"


class Seen:
    """One breaker at `now` (microseconds of the server's clock); an open one whose time is over is half open."""

    def __init__(self, fields: Sequence[Any], now: int) -> None:
        self._now = now
        self._known = fields[0] is not None
        self._since, over, self._failures, self._successes, opened = (int(each or 0) for each in fields[1:])
        self._opened = opened or self._since
        self.state = cast("State", fields[0].decode()) if self._known else "closed"
        self.wait = max(0, over - now) if self.state == "open" else 0
        if self.state == "open" and not self.wait:
            self.state, self._since = "half_open", over

    @property
    def seconds_open(self) -> float:
        """Since it last opened from closed; 0 when it is closed."""
        return 0.0 if self.state == "closed" else max(0, self._now - self._opened) / 1_000_000

    def status(self, name: str) -> BreakerStatus:
        return {
            "name": name,
            "state": self.state,
            "failure_count": self._failures,
            "success_count": self._successes,
            "seconds_in_state": max(0, self._now - self._since) / 1_000_000 if self._known else None,
        }


class Reading:
    """States of some breakers and the server's time, asked on one trip."""

    def __init__(self, trip: Trip, names: Iterable[str]) -> None:
        self._time = trip.add("TIME")
        fields = ("state", "since", "until", "failures", "successes", "opened")
        self._answers = {name: trip.add("HMGET", key_of(name), *fields) for name in names}

    def __contains__(self, name: str) -> bool:
        return name in self._answers

    def of(self, name: str) -> Seen | None:
        """What was read of one breaker; None when it was not asked for or the trip did not come back.

        Raises StoreUnavailable when the server refused this one question.
        """
        answer = self._answers.get(name)
        if answer is None or answer.value is None:
            return None
        seconds, fraction = self._time.value
        return Seen(answer.value, int(seconds) * 1_000_000 + int(fraction))
