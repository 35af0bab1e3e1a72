"""What access tokens are signed with, and what they say."""

import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from brightspot.core.clock import Clock
from brightspot.core.errors import SettingsError
from brightspot.core.ids import new_id
from brightspot.identity.errors import LoginsNotSetUp
from brightspot.identity.model import Account
from brightspot.identity.settings import IdentitySettings
from brightspot.security import (
    Keys,
    KeySettings,
    Permission,
    SigningKey,
    TokenSettings,
    configured_keys,
    secret_signing_key,
    signed_token,
    signing_key,
)

_FILE: Final = "JWT_PRIVATE_KEYS_FILE"
_SECRET: Final = "JWT_PRIVATE_KEYS_SECRET_ARN"  # noqa: S105  # nosec B105  # a variable's name
_KEPT_SECONDS: Final = 300.0
_MOST_BYTES: Final = 65_536


class SigningKeys:
    """The key to sign with. A secret is read anew every five minutes, so that a rotation needs no deployment."""

    def __init__(
        self, settings: IdentitySettings, keys: KeySettings, clock: Clock, read_secret: Callable[[str], bytes]
    ) -> None:
        self._settings = settings
        self._secret_key = secret_signing_key(keys)
        self._published: Keys = configured_keys(keys)
        self._clock = clock
        self._read_secret = read_secret
        self._lock = threading.Lock()
        self._held: tuple[float, SigningKey] | None = None

    def current(self) -> SigningKey:
        """JWT_SECRET, if set, else the first private key that is published.

        Raises LoginsNotSetUp when no setting names any, SettingsError when what is named cannot be used, and
        AwsUnavailable when the secret cannot be read and none is held.
        """
        if self._secret_key is not None:
            return self._secret_key
        with self._lock:
            now = self._clock.monotonic()
            if self._held is None or now - self._held[0] >= _KEPT_SECONDS:
                self._held = (now, self._read())
            return self._held[1]

    def _read(self) -> SigningKey:
        at = self._settings
        if at.keys_file and at.keys_secret_arn:
            raise SettingsError(f"{_FILE} and {_SECRET} name two places for the keys; set one of them")
        if at.keys_file:
            return signing_key(_private(at.keys_file), self._published, _FILE)
        if at.keys_secret_arn:
            return signing_key(self._read_secret(at.keys_secret_arn), self._published, _SECRET)
        raise LoginsNotSetUp


class AccessTokens:
    """Makes access tokens."""

    def __init__(self, keys: SigningKeys, settings: TokenSettings, seconds: int, clock: Clock) -> None:
        self._keys = keys
        self._settings = settings
        self.seconds = int(seconds)
        self._clock = clock

    def check(self) -> None:
        """Raises what `issue` would, before anything else is done."""
        self._keys.current()

    def issue(
        self,
        account: Account,
        session: str,
        *,
        scopes: tuple[Permission, ...] | None = None,
        seconds: int | None = None,
    ) -> str:
        """A token of one session or key, for less than the account may and for a shorter time where that is said.

        Raises as `SigningKeys.current` does.
        """
        now = self._clock.now()
        issued = int(now.timestamp())
        claims = {
            "iss": self._settings.issuer,
            "aud": self._settings.audience,
            "sub": account.id,
            "jti": new_id(now),
            "iat": issued,
            "exp": issued + (self.seconds if seconds is None else seconds),
            "scope": " ".join(account.scopes if scopes is None else scopes),
            "tenant": account.tenant,
            "sid": session,
        }
        return signed_token(self._keys.current(), claims)


def _private(path: str) -> bytes:
    """A file that nobody but its owner can read. Raises SettingsError for any other."""
    try:
        with Path(path).open("rb") as file:
            mode = stat.S_IMODE(stat.S_IFMT(0) | Path(path).stat().st_mode)
            if mode & 0o077:
                raise SettingsError(f"{_FILE}={path!r}: others can read it (mode {mode:o}); chmod 600 it")
            return file.read(_MOST_BYTES)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a path"
        raise SettingsError(f"{_FILE}={path!r}: cannot be read ({why})") from error
