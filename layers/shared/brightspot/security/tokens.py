"""Access tokens: compact JWS (RFC 7515), of which nothing means anything before all of it is checked."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from brightspot.core.clock import Clock
from brightspot.core.settings import setting
from brightspot.security import claims as says
from brightspot.security.caller import Caller
from brightspot.security.errors import TokenRefused
from brightspot.security.keys import Keys, VerifyingKey
from brightspot.security.signatures import holds
from brightspot.security.strict import from_base64url, json_object

MOST_TOKEN_CHARACTERS = 4096
_PARTS = 3
_ALGORITHMS = frozenset({"EdDSA", "ES256", "HS256"})
_TYPES = frozenset({says.ACCESS_TYPE, "JWT"})
# Any other member is refused: a key of the token's own (jwk, jku, x5c, x5u), crit, b64, zip.
_HEADER = frozenset({"alg", "kid", "typ"})
_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """Whose tokens are accepted."""

    issuer: str = setting("JWT_ISSUER", "brightspot", "whose tokens are accepted: the claim iss")
    audience: str = setting("JWT_AUDIENCE", "brightspot-api", "for whom tokens must be: the claim aud")
    leeway_seconds: int = setting("JWT_LEEWAY_SECONDS", 30, "seconds that clocks may differ", least=0, most=300)


@dataclass(frozen=True, slots=True)
class _Verified:
    caller: Caller
    lifetime: says.Lifetime
    key: VerifyingKey


class TokenVerifier:
    """Tells whom an access token stands for. Safe to share between threads.

    The last 256 good tokens are remembered by their SHA-256. Time and key are checked anew each time, so a remembered
    token ends when it expires, and at once when `keys` no longer gives the key it was signed with.
    """

    def __init__(self, keys: Callable[[], Keys], settings: TokenSettings, clock: Clock) -> None:
        self._keys = keys
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._good: dict[bytes, _Verified] = {}

    def verify(self, token: str) -> Caller:
        """Whom `token` stands for. Raises TokenRefused, and nothing else, for any other text."""
        if len(token) > MOST_TOKEN_CHARACTERS:
            raise TokenRefused("size")
        if not token.isascii():
            raise TokenRefused("form")
        digest = hashlib.sha256(token.encode()).digest()
        found = self._good.get(digest)
        remembered = found is not None and self._keys().get(found.key.kid) == found.key
        good = found if found is not None and remembered else self._read(token)
        good.lifetime.check(self._clock.now().timestamp(), self._settings.leeway_seconds)
        if not remembered:
            self._remember(digest, good)
        return good.caller

    def _read(self, token: str) -> _Verified:
        parts = token.split(".")
        if len(parts) != _PARTS:
            raise TokenRefused("form")
        try:
            header, payload, signature = (from_base64url(part) for part in parts)
        except ValueError:
            raise TokenRefused("form") from None  # not chained: a cause would carry the token into logs
        key, typ = self._header(header)
        if not holds(key, signature, token.rpartition(".")[0].encode()):
            raise TokenRefused("signature")
        try:
            claims = json_object(payload)
        except ValueError:
            raise TokenRefused("claims") from None
        says.check_use(typ, claims)
        says.check_origin(claims, self._settings.issuer, self._settings.audience)
        return _Verified(says.caller(claims), says.lifetime(claims), key)

    def _header(self, data: bytes) -> tuple[VerifyingKey, object]:
        try:
            header: dict[str, Any] = json_object(data)
        except ValueError:
            raise TokenRefused("header") from None
        kid, algorithm, typ = header.get("kid"), header.get("alg"), header.get("typ")
        if not header.keys() <= _HEADER or not isinstance(kid, str) or not isinstance(algorithm, str):
            raise TokenRefused("header")
        # HS256 is one of ours only where a secret is set, and a public key is no secret even then: see key.algorithm.
        if algorithm not in _ALGORITHMS or (algorithm == "HS256" and not self._has_secret()):
            raise TokenRefused("algorithm")
        if "typ" in header and (not isinstance(typ, str) or typ not in _TYPES):
            raise TokenRefused("type")
        key = self._keys().get(kid)
        if key is None or key.algorithm != algorithm:
            raise TokenRefused("key")
        return key, typ

    def _has_secret(self) -> bool:
        return any(each.algorithm == "HS256" for each in self._keys().values())

    def _remember(self, digest: bytes, verified: _Verified) -> None:
        with self._lock:
            while len(self._good) >= _REMEMBERED:
                self._good.pop(next(iter(self._good)))
            self._good[digest] = verified
