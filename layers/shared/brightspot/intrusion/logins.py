"""Keeps guessing at passwords slow, and lets nobody lock another out of an account.

After so many failures an address is kept off that one account, for longer each time. Strangers to an account share a
number of tries at it; an address that its holder has logged in from is no stranger there. So an attack costs the holder
nothing from where they are known, and a wait elsewhere. Tries are counted before a password is looked at, so that a
crowd that comes at once has no more of them; with GCRA at most 2 N - 1 in an hour, of N that are set, where OWASP ASVS
4.0.3 (2.2.1) asks for at most 100. ASVS 5.0 (6.1.1) asks for the reasoning: it is in docs/security.md.
"""

import logging
from math import ceil
from typing import Final, NamedTuple

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import RATE_LIMIT
from brightspot.intrusion.names import pair
from brightspot.intrusion.rules import HOUR_SECONDS
from brightspot.intrusion.watch import Watch
from brightspot.ratelimit import Limit, Limiter, Pending, Quota
from brightspot.valkey import StoreUnavailable, Valkey

_log = logging.getLogger(__name__)
_KNOWN_SECONDS: Final = 30 * 86_400
_MICRO: Final = 1_000_000
_STRANGERS: Final = "login-strangers"


class LoginDelayed(BrightspotError):
    """Not now, whether the password is right or wrong; nobody learns whether there is such an account."""

    kind = RATE_LIMIT

    def __init__(self, seconds: float) -> None:
        super().__init__("too many logins have failed; send it again later")
        self.retry_after_seconds = max(1, ceil(seconds))


class Admission(NamedTuple):
    """What is to be remembered of a login that succeeds, and the stranger's try that it gives back."""

    known: bool
    failed: bool
    tried: Pending | None = None


_UNWATCHED: Final = Admission(known=True, failed=False)


class Logins:
    """With the store away nobody waits: the local rate limit of logins still holds."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._limit = Limit(watch.settings.account_tries, HOUR_SECONDS, "gcra")
        self._limiter = Limiter(watch.valkey, watch.clock)

    def check(self, client: str | None, name: str) -> Admission:
        """Whether an address may try a password of an account: one trip where it is known, else two.

        Raises LoginDelayed.
        """
        valkey = self._watch.valkey
        if client is None or valkey is None or self._watch.allowed.has(client):
            return _UNWATCHED
        both = pair(client, name)
        trip = valkey.trip()
        clock = trip.add("TIME")
        marks = trip.add("MGET", both.key("block"), both.key("known"))
        state = trip.add("HMGET", both.key("state"), "window")
        try:
            trip.run()
            (seconds, micros), (block, known), (window,) = clock.value, marks.value, state.value
            if block is not None:
                raise LoginDelayed((int(block) - int(micros)) / _MICRO - int(seconds))
            tried = None if known is not None else self._tried(valkey, name)
        except StoreUnavailable:
            return _UNWATCHED
        return Admission(known is not None, window is not None, tried)

    def welcome(self, client: str | None, name: str, admission: Admission) -> None:
        """Remember that an address has logged in, and forget that it failed; nothing is asked when both are so."""
        if client is None or self._watch.valkey is None or (admission.known and not admission.failed):
            return
        both = pair(client, name)
        trip = self._watch.valkey.trip()
        trip.add("SET", both.key("known"), 1, "EX", _KNOWN_SECONDS)
        trip.add("DEL", *both.keys)
        try:
            if admission.tried is not None:
                admission.tried.undo(trip)
            trip.run()
        except StoreUnavailable as error:
            _log.warning("login_unremembered", extra={"error": str(error)})

    def _tried(self, valkey: Valkey, name: str) -> Pending:
        trip = valkey.trip()
        pending = self._limiter.ask_all(trip, [Quota(_STRANGERS, self._limit, name)])
        trip.run()
        decision = pending.decide()
        if not decision.allowed:
            _log.warning("account_attacked", extra={"account": name})
            raise LoginDelayed(decision.retry_after_seconds)
        return pending
