"""Sessions that ended before their tokens expired: marks in Valkey, read on the round trip that every request makes."""

from math import ceil
from typing import Final

from brightspot.security.caller import Caller
from brightspot.valkey import Answer, StoreUnavailable, Trip, Valkey

_MARK: Final = "bs:revoked:{%s}"


def ask_revoked(trip: Trip, caller: Caller) -> Answer | None:
    """Put the question on the trip; None for a caller whose token comes of no session."""
    return None if caller.session is None else trip.add("GET", _MARK % caller.session)


def told_revoked(answer: Answer | None) -> bool | None:
    """What was answered; None without an answer. A token then passes: it ends by itself within its few minutes."""
    if answer is None:
        return None
    try:
        return bool(answer.value)
    except StoreUnavailable:
        return None


def mark_revoked(valkey: Valkey, session: str, seconds: float) -> None:
    """Have tokens of a session refused for `seconds`, which are to be as long as one lives. Raises StoreUnavailable."""
    valkey.call("SET", _MARK % session, 1, "EX", ceil(seconds))
