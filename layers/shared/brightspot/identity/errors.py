"""What is said to somebody who cannot be let in.

AccessRefused
├── CredentialsRefused  401, no account has this e-mail address and password
└── SessionRefused      401, the refresh token is not accepted
Conflict
└── EmailTaken          409
BrightspotError
└── LoginsNotSetUp      503, there is no key to sign tokens with
"""

from dataclasses import replace

from brightspot.core.errors import BrightspotError, Conflict
from brightspot.core.kinds import INTERNAL
from brightspot.security import AccessRefused

_CHALLENGE = 'Bearer realm="brightspot"'


class CredentialsRefused(AccessRefused):
    """Unknown address or wrong password: which of them, nobody is told."""

    signal = "failed_login"

    def __init__(self, account: str | None = None) -> None:
        super().__init__("no account has this email and password; send others, or sign up", _CHALLENGE)
        self.account = account


class SessionRefused(AccessRefused):
    """The session has ended, or the token never was one of ours; the message is the same.

    `reused` is the account of a token that was used before.
    """

    def __init__(self, reused: str | None = None) -> None:
        super().__init__("the refresh token is not accepted; log in again", f'{_CHALLENGE}, error="invalid_token"')
        if reused is not None:
            self.signal, self.account = "refresh_reuse", reused


class EmailTaken(Conflict):
    """There is an account with this address."""

    def __init__(self) -> None:
        super().__init__("an account has this email already; log in, or sign up with another")


class LoginsNotSetUp(BrightspotError):
    """Nobody can be given a token here."""

    kind = replace(INTERNAL, status=503, retryable=True)

    def __init__(self) -> None:
        super().__init__("logins are not set up here: the operator has given no key to sign tokens with")
