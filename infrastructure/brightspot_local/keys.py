"""This machine's own signing key, the key set that functions check with, and the admin token of `make dev`."""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkstemp

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.core.ids import new_id
from brightspot.core.settings import load
from brightspot.security import (
    KeySettings,
    SigningKey,
    TokenRefused,
    TokenSettings,
    TokenVerifier,
    configured_keys,
    signed_token,
    to_base64url,
)

_TOKEN_LIFE = timedelta(days=30)
_RENEW_BEFORE = timedelta(days=3)


class LocalKeysUnusable(Exception):
    """A file under the data folder is not what it should be; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class LocalKeys:
    """`jwks_file` is for JWT_PUBLIC_KEYS_FILE; `admin_token` stands in `admin_token_file` too."""

    jwks_file: Path
    admin_token: str
    admin_token_file: Path

    @property
    def private_file(self) -> Path:
        """For JWT_PRIVATE_KEYS_FILE."""
        return self.jwks_file.with_name("private.pem")


def local_keys(data: Path, clock: Clock, settings: TokenSettings | None = None) -> LocalKeys:
    """The keys and the admin token under `data`, made or renewed where needed.

    The folder `keys` has mode 700, the private key and the token 600. The token holds for 30 days from when it was
    made, and is replaced when fewer than 3 are left or when it is not accepted any more (another issuer, for one).
    Issuer and audience are the environment's unless `settings` says otherwise.

    Raises LocalKeysUnusable when the private key's file holds something else.
    """
    meant = settings or load(TokenSettings)
    folder = data / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    key = _private_key(folder / "private.pem")
    jwk = _public_jwk(key)
    jwks_file, token_file = folder / "jwks.json", data / "admin-token"
    _write(jwks_file, codec.dumps({"keys": [jwk]}) + b"\n", 0o644)
    token = _kept(token_file, jwks_file, clock, meant)
    if token is None:
        token = _admin_token(key, jwk["kid"], clock, meant)
        _write(token_file, token.encode() + b"\n", 0o600)
    return LocalKeys(jwks_file, token, token_file)


def audit_key(data: Path) -> Path:
    """The file of the key that signs this machine's audit log, for AUDIT_SIGNING_KEY_FILE; made when it is missing.

    Raises LocalKeysUnusable when it holds something else.
    """
    file = data / "keys" / "audit.pem"
    _private_key(file)
    return file


def _private_key(file: Path) -> Ed25519PrivateKey:
    if not file.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write(file, pem, 0o600, replace=False)
    file.chmod(0o600)
    unusable = LocalKeysUnusable(f"{file} holds no Ed25519 private key; delete it, and a new one is made")
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError) as error:  # TypeError: a key under a password
        raise unusable from error
    if not isinstance(key, Ed25519PrivateKey):
        raise unusable
    return key


def _public_jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    """The public half as a JSON Web Key whose id is its thumbprint (RFC 7638; RFC 8037, appendix A.3)."""
    # Members in alphabetical order: that is what the thumbprint is taken of.
    members = {"crv": "Ed25519", "kty": "OKP", "x": to_base64url(key.public_key().public_bytes_raw())}
    kid = to_base64url(hashlib.sha256(codec.dumps(members)).digest())
    return {**members, "kid": kid, "alg": "EdDSA", "use": "sig"}


def _admin_token(key: Ed25519PrivateKey, kid: str, clock: Clock, settings: TokenSettings) -> str:
    now = clock.now()
    claims = {
        "iss": settings.issuer,
        "aud": settings.audience,
        "sub": "local-admin",
        "jti": new_id(now),
        "iat": int(now.timestamp()),
        "exp": int((now + _TOKEN_LIFE).timestamp()),
        "scope": "admin",
    }
    return signed_token(SigningKey(kid, "EdDSA", key.sign), claims)


class _Ahead:
    """A clock that is ahead of another."""

    def __init__(self, clock: Clock, by: timedelta) -> None:
        self._clock = clock
        self._by = by

    def now(self) -> datetime:
        return self._clock.now() + self._by

    def monotonic(self) -> float:
        return self._clock.monotonic() + self._by.total_seconds()


def _kept(file: Path, jwks_file: Path, clock: Clock, settings: TokenSettings) -> str | None:
    """The token in `file` when it is an admin's and accepted, now and for a while yet."""
    if not file.exists():
        return None
    file.chmod(0o600)
    token = file.read_bytes().decode("latin-1").strip()
    keys = configured_keys(KeySettings(file=str(jwks_file)))
    try:
        callers = [
            TokenVerifier(lambda: keys, settings, each).verify(token) for each in (clock, _Ahead(clock, _RENEW_BEFORE))
        ]
    except TokenRefused:
        return None
    return token if all(each.may("admin") for each in callers) else None


def _write(file: Path, content: bytes, mode: int, *, replace: bool = True) -> None:
    """Put the whole file in its place at once; without `replace`, one that somebody else has just put there stays."""
    handle, name = mkstemp(dir=file.parent)  # made with mode 600
    try:
        with os.fdopen(handle, "wb") as made:
            made.write(content)
            os.fchmod(made.fileno(), mode)
        if replace:
            Path(name).replace(file)
        else:
            file.hardlink_to(name)
    except FileExistsError:
        return
    finally:
        Path(name).unlink(missing_ok=True)
