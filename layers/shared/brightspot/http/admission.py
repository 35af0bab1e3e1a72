"""Who is let in by a gate: the holder of an access token, or of an API key."""

from typing import NamedTuple

from brightspot.http.limiting import has_room
from brightspot.ratelimit import Limiter, RatePolicy
from brightspot.security import (
    ANONYMOUS,
    AccessRefused,
    ApiKeys,
    Caller,
    CredentialsAmbiguous,
    Guard,
    KeyRefused,
    KeyUnchecked,
    Need,
    ShownKey,
    TokenRefused,
    ask_revoked,
    key_sent,
    note_used,
    read_key,
    told_revoked,
)
from brightspot.valkey import Answer, Trip, Valkey


class Proof(NamedTuple):
    """Who is calling, and why they may not pass, if so; `held` is a key that was good when the table last said so."""

    caller: Caller
    refusal: AccessRefused | None
    held: ShownKey | None = None


class Admission:
    """A token is checked before the trip, and asks no server. A key's record is the table's.

    A key that this process has asked for within five minutes needs no table: the trip tells whether it was ended since.
    Without the store, or an answer of it, the table is asked again. One that is new is looked up only where its address
    has room left in its limit, so that guesses read no more than that.
    """

    def __init__(self, guard: Guard, keys: ApiKeys, limiter: Limiter, valkey: Valkey | None) -> None:
        self._guard = guard
        self._keys = keys
        self._limiter = limiter
        self._valkey = valkey

    def look(
        self, need: Need, authorization: str | None, api_key: str | None, rate: RatePolicy | None, client: str
    ) -> Proof:
        """Who is calling, as far as it can be known before the trip; nothing is raised."""
        text = None if need == "public" else key_sent(authorization, api_key)
        if text is None:
            return Proof(*self._guard.look(need, authorization))
        known: Caller | None = None
        held: ShownKey | None = None
        try:
            if authorization is not None and api_key is not None:
                raise CredentialsAmbiguous
            shown = read_key(text)
            known = None if self._valkey is None else self._keys.held(shown)
            if known is not None:
                held = shown
            else:
                known = self._found(shown, rate, client)
            return Proof(self._guard.judge(need, known), None, held)
        except AccessRefused as refusal:
            return Proof(known or ANONYMOUS, refusal, held)

    def ask(self, trip: Trip, caller: Caller) -> Answer | None:
        """Put on the trip whether the session or key has ended, and that the key was used."""
        if caller.key is not None and (at := self._keys.to_note(caller.key)) is not None:
            note_used(trip, caller.key, at)
        return ask_revoked(trip, caller)

    def verdict(self, proof: Proof, revoked: Answer | None) -> AccessRefused | None:
        """Why they may not pass, once the trip has been made; `revoked` is None when it came to nothing."""
        ended = told_revoked(revoked)
        if proof.refusal is not None:
            return proof.refusal
        if ended:
            return TokenRefused("revoked") if proof.caller.key is None else KeyRefused()
        if proof.held is not None and ended is None:
            try:
                self._keys.found(proof.held)
            except AccessRefused as refusal:
                return refusal
        return None

    def _found(self, shown: ShownKey, rate: RatePolicy | None, client: str) -> Caller:
        if rate is not None and not has_room(self._limiter, rate, client, self._valkey):
            raise KeyUnchecked  # unless it has room again by then, the trip says 429
        return self._keys.found(shown)
