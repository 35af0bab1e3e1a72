"""Keeps guessing at passwords slow, and lets nobody lock another out of an account.

After so many failures an address is kept off that one account, for longer each time. An account that fails from many
addresses makes strangers wait after each failure; an address that its holder has logged in from is no stranger there.
So an attack costs the holder nothing from where they are known, and a wait elsewhere; all strangers together have at
most 100 tries an hour (OWASP ASVS 4.0.3, 2.2.1; 5.0, 6.1.1 asks for the reasoning, which is in docs/security.md).
"""

import logging
from math import ceil
from typing import Final, NamedTuple

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import RATE_LIMIT
from brightspot.intrusion.names import account, pair
from brightspot.intrusion.watch import Watch
from brightspot.valkey import StoreUnavailable

_log = logging.getLogger(__name__)
_KNOWN_SECONDS: Final = 30 * 86_400
_MICRO: Final = 1_000_000


class LoginDelayed(BrightspotError):
    """Not now, whether the password is right or wrong; nobody learns whether there is such an account."""

    kind = RATE_LIMIT

    def __init__(self, seconds: int) -> None:
        super().__init__("too many logins have failed; send it again later")
        self.retry_after_seconds = float(seconds)


class Admission(NamedTuple):
    """What is to be remembered of a login that succeeds."""

    known: bool
    failed: bool


_UNWATCHED: Final = Admission(known=True, failed=False)


class Logins:
    """With the store away nobody waits: the local rate limit of logins still holds."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def check(self, client: str | None, name: str) -> Admission:
        """Whether an address may try a password of an account, in a trip of its own. Raises LoginDelayed."""
        if client is None or self._watch.valkey is None or self._watch.allowed.has(client):
            return _UNWATCHED
        both, held = pair(client, name), account(name)
        trip = self._watch.valkey.trip()
        clock = trip.add("TIME")
        marks = trip.add("MGET", both.key("block"), held.key("block"), both.key("known"))
        state = trip.add("HMGET", both.key("state"), "window")
        try:
            trip.run()
            (seconds, micros), (kept_off, waiting, known), (window,) = clock.value, marks.value, state.value
        except StoreUnavailable:
            return _UNWATCHED
        until = kept_off or (None if known else waiting)
        if until is not None:
            left = int(until) - int(seconds) * _MICRO - int(micros)
            raise LoginDelayed(max(1, ceil(left / _MICRO)))
        return Admission(known is not None, window is not None)

    def welcome(self, client: str | None, name: str, admission: Admission) -> None:
        """Remember that an address has logged in, and forget that it failed; nothing is asked when both are so."""
        if client is None or self._watch.valkey is None or (admission.known and not admission.failed):
            return
        both = pair(client, name)
        trip = self._watch.valkey.trip()
        trip.add("SET", both.key("known"), 1, "EX", _KNOWN_SECONDS)
        trip.add("DEL", *both.keys)
        try:
            trip.run()
        except StoreUnavailable as error:
            _log.warning("login_unremembered", extra={"error": str(error)})
