"""From the Authorization header to the caller, or to the refusal."""

from typing import NamedTuple

from brightspot.core.clock import Clock
from brightspot.core.settings import load
from brightspot.security.caller import ANONYMOUS, Caller
from brightspot.security.errors import AccessRefused, TokenRefused
from brightspot.security.keys import KeySettings, configured_keys
from brightspot.security.permissions import AccessSettings, Need, authorize
from brightspot.security.tokens import TokenSettings, TokenVerifier


class Sight(NamedTuple):
    """Who is calling (ANONYMOUS unless a token proves it), and why they may not pass, if so."""

    caller: Caller
    refusal: AccessRefused | None


class Guard:
    """Decides who passes."""

    def __init__(self, verifier: TokenVerifier, settings: AccessSettings) -> None:
        self._verifier = verifier
        self._settings = settings

    def admit(self, need: Need, authorization: str | None) -> Caller:
        """The caller, who may pass. `authorization` is the header's value, None when there is none.

        A public route does not look at it, so that a stale token keeps nobody from health or login. Elsewhere a token
        that is sent must be good, even where none is needed.

        Raises AuthenticationRequired, TokenRefused or Forbidden.
        """
        sight = self.look(need, authorization)
        if sight.refusal is not None:
            raise sight.refusal
        return sight.caller

    def judge(self, need: Need, caller: Caller) -> Caller:
        """The same of a caller who came by an API key. Raises Forbidden."""
        return authorize(need, caller, self._settings)

    def look(self, need: Need, authorization: str | None) -> Sight:
        """As `admit`, for whoever must know the caller before the refusal is told: nothing is raised."""
        if need == "public":
            return Sight(ANONYMOUS, None)
        known: Caller | None = None
        try:
            known = None if authorization is None else self._verifier.verify(bearer_token(authorization))
            return Sight(authorize(need, known, self._settings), None)
        except AccessRefused as refusal:
            return Sight(known or ANONYMOUS, refusal)


def bearer_token(authorization: str) -> str:
    """The token in `Bearer <token>` (RFC 6750, section 2.1; the scheme's case is free). Raises TokenRefused."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenRefused("scheme")
    return token


def new_guard(clock: Clock) -> Guard:
    """A guard as the environment configures it. Raises SettingsError."""
    keys = configured_keys(load(KeySettings))
    return Guard(TokenVerifier(lambda: keys, load(TokenSettings), clock), load(AccessSettings))
