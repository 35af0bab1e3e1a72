"""Watches clients: what suspicious requests did is recorded, and every request asks whether its client is held back."""

import logging
from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import Final, NamedTuple

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.errors import SettingsError
from brightspot.core.settings import load
from brightspot.intrusion.names import Allowed, Name, account, address, pair
from brightspot.intrusion.rules import Rules
from brightspot.intrusion.settings import IntrusionSettings
from brightspot.intrusion.signals import Seen
from brightspot.telemetry import CLIENTS_BLOCKED, INTRUSION_SIGNALS, count
from brightspot.valkey import Answer, StoreUnavailable, Trip, Valkey, shared_valkey

_log = logging.getLogger(__name__)
_REMEMBERED: Final = 1024
_MICRO: Final = 1_000_000


class Standing(NamedTuple):
    """How a client stands: blocked for so many seconds yet (0: not), and what its rate limit is divided by."""

    blocked_seconds: int = 0
    divisor: int = 1


FREE: Final = Standing()


class Watch:
    """One for all instances, in the shared store; without one, or with it away, nobody is scored or held back.

    Raises SettingsError for settings that cannot be used.
    """

    def __init__(self, valkey: Valkey | None, settings: IntrusionSettings, clock: Clock) -> None:
        if not settings.half <= settings.quarter <= settings.block:
            raise SettingsError(
                f"INTRUSION_QUARTER_SCORE={settings.quarter}: send INTRUSION_HALF_SCORE ({settings.half}) to "
                f"INTRUSION_BLOCK_SCORE ({settings.block})"
            )
        if settings.base > settings.longest:
            raise SettingsError(f"INTRUSION_BLOCK_MAX_SECONDS={settings.longest}: send INTRUSION_BLOCK_SECONDS or more")
        self.valkey = valkey if settings.enabled else None
        self.rules = Rules(settings)
        self.settings = settings
        self.allowed = Allowed(settings.allow)
        self.clock = clock
        self._marks = lru_cache(_REMEMBERED)(self._marks_of)

    def ask(self, trip: Trip, client: str) -> Answer | None:
        """Put the question on the trip that every request makes; None for a client that is not watched."""
        if self.valkey is None:
            return None
        marks = self._marks(client)
        return None if marks is None else trip.add("MGET", *marks)

    def standing(self, answer: Answer | None) -> Standing:
        """What was answered. Without an answer nobody is held back: the store being away must not close the service."""
        if answer is None:
            return FREE
        try:
            marks = answer.value
        except StoreUnavailable:
            return FREE
        if marks is None or marks == [None, None, None]:  # the former is for a trip that did not come back
            return FREE
        block, half, quarter = marks
        return Standing(0 if block is None else self._left(block), 4 if quarter else 2 if half else 1)

    def record(self, client: str, seen: Sequence[Seen], subject: str | None = None) -> None:
        """Score what a request did, in a trip of its own; `subject` is whom its token stands for.

        A store that is away is no failure of the request's: what it did is then not scored.
        """
        for each in seen:
            count(INTRUSION_SIGNALS, each.amount, signal=each.signal)
        if self.valkey is None or not seen:
            return
        trip = self.valkey.trip()
        aims = [(name, each) for each in seen for name in self._aims(client, each, subject)]
        asked = [(name, each, self.rules.ask(trip, name, each)) for name, each in aims]
        if not self.allowed.has(client):
            for each in seen:
                self.rules.ask_all(trip, each)
        try:
            trip.run()
            for name, each, answer in asked:
                self._tell(name, each, answer)
        except StoreUnavailable as error:
            _log.warning("intrusion_unrecorded", extra={"client": client, "error": str(error)})

    def _aims(self, client: str, seen: Seen, subject: str | None) -> list[Name]:
        """Whom a signal is scored at. An allowed client's own are not, but whom it aims at is."""
        names = [] if self.allowed.has(client) else [address(client)]
        named = seen.account or subject
        if named is not None:
            names.append(account(named))
            if seen.signal == "failed_login" and names[0].kind == "address":
                names.append(pair(client, named))
        return names

    @staticmethod
    def _tell(name: Name, seen: Seen, answer: Answer) -> None:
        score, blocks, length = answer.value
        if not length:
            return
        told = {"client": name.client, "account": name.account, "score": score, "signal": seen.signal}
        _log.warning("client_blocked", extra={**told, "kind": name.kind, "seconds": length // _MICRO, "blocks": blocks})
        count(CLIENTS_BLOCKED, kind=name.kind)

    def _marks_of(self, client: str) -> tuple[str, str, str] | None:
        if self.allowed.has(client):
            return None
        _, block, half, quarter = address(client).keys
        return block, half, quarter

    def _left(self, block: bytes) -> int:
        """Whole seconds until a block ends. That it is there is the server's word; how long yet, this clock guesses."""
        left = ceil(int(block) / _MICRO - self.clock.now().timestamp())
        return min(max(1, left), self.settings.longest)


@lru_cache(maxsize=1)
def shared_watch() -> Watch:
    """The watch as the environment of this process names it; opens no connection yet."""
    return Watch(shared_valkey(), load(IntrusionSettings), SystemClock())
