"""What is said to a caller who may not pass.

AccessRefused
├── AuthenticationRequired   401, nobody has said who they are
├── TokenRefused             401, the token that was sent is not accepted
├── KeyRefused               401, the API key is not accepted
├── CredentialsAmbiguous     401, a token and an API key were sent
├── KeyUnchecked             503, whether the API key is good cannot be told now
└── Forbidden                403, this caller may not do that
"""

from dataclasses import replace
from typing import ClassVar, Final, Literal

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import AUTHENTICATION
from brightspot.intrusion.signals import Signal

Reason = Literal[
    "scheme",  # Authorization is not exactly "Bearer", one space and a token
    "size",
    "form",  # not three parts of canonical base64url
    "header",  # not a JSON object, or not exactly the members we know
    "type",  # does not say that it is an access token, or says that it is another
    "algorithm",
    "key",  # no key of that id, or a key of another algorithm
    "signature",
    "claims",  # not a JSON object, or a claim is missing or ill-formed
    "issuer",
    "audience",
    "expired",
    "not_yet_valid",
    "scope",
    "revoked",  # its session has ended
]

# What a token of ours becomes by itself; all else was made or changed by somebody.
_HAPPENS: Final = ("expired", "not_yet_valid", "revoked")


_CHALLENGE = 'Bearer realm="brightspot"'


class AccessRefused(BrightspotError):
    """The caller may not pass. `status` is the HTTP status, `challenge` the value of WWW-Authenticate (RFC 6750)."""

    kind = AUTHENTICATION

    status: ClassVar[int] = 401
    signal: Signal | None = None  # what it says about its client, if anything
    account: str | None = None  # whom that was aimed at

    def __init__(self, message: str, challenge: str) -> None:
        super().__init__(message)
        self.challenge = challenge


class AuthenticationRequired(AccessRefused):
    """No token was sent where one is needed."""

    def __init__(self) -> None:
        super().__init__("send an access token: Authorization: Bearer <token>", _CHALLENGE)


class TokenRefused(AccessRefused):
    """The token is not accepted. `reason` is for our logs and counters only; the message is always the same."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(
            "the access token is not accepted; get a new one", 'Bearer realm="brightspot", error="invalid_token"'
        )
        self.reason: Reason = reason
        if reason not in _HAPPENS:
            self.signal = "bad_token"


class KeyRefused(AccessRefused):
    """The API key is not one of ours, was ended, or has expired; the message is the same.

    `made_up` says that it never was one: a key of ours ends and expires by itself.
    """

    def __init__(self, *, made_up: bool = False) -> None:
        super().__init__("the API key is not accepted; make a new one at POST /api/auth/keys", _CHALLENGE)
        if made_up:
            self.signal = "bad_token"


class CredentialsAmbiguous(AccessRefused):
    """Two ways of saying who calls were used at once (RFC 6750, section 2): they might name two callers."""

    def __init__(self) -> None:
        super().__init__("send one of Authorization and X-Api-Key, not both", _CHALLENGE)


class KeyUnchecked(AccessRefused):
    """The API key may be good, but what would say so cannot be asked: nobody passes for want of an answer."""

    status: ClassVar[int] = 503
    kind = replace(AUTHENTICATION, status=503, retryable=True)

    def __init__(self) -> None:
        super().__init__("the API key cannot be checked now; send the request again", _CHALLENGE)


class Forbidden(AccessRefused):
    """The caller is known and lacks the permission `need`."""

    status: ClassVar[int] = 403
    kind = replace(AUTHENTICATION, status=403)

    def __init__(self, need: str) -> None:
        super().__init__(
            f"this needs the permission {need}",
            f'Bearer realm="brightspot", error="insufficient_scope", scope="{need}"',
        )
        self.need = need
