"""What a token whose signature holds must say before anybody is who it says."""

import re
from dataclasses import dataclass
from typing import Any

from brightspot.core.ids import is_id
from brightspot.security.caller import PERMISSIONS, SHARED_TENANT, Caller, Permission, is_tenant
from brightspot.security.errors import TokenRefused

ACCESS = "access"
ACCESS_TYPE = "at+jwt"  # RFC 9068; the header's typ says it by itself
_SAYING_USE = ("token_use", "type")
_YEAR_10000 = 253_402_300_800
# Names go into keys, where {...} is the hash tag, logs and headers: no brace, space or control character.
_NAME = re.compile(r"[A-Za-z0-9._~@:|/+=-]{1,128}")


@dataclass(frozen=True, slots=True)
class Lifetime:
    """From when to when a token holds, in Unix seconds."""

    not_before: int
    expires: int

    def check(self, now: float, leeway: float) -> None:
        """Raises TokenRefused unless `now` is within, give or take `leeway` seconds."""
        if now >= self.expires + leeway:
            raise TokenRefused("expired")
        if now < self.not_before - leeway:
            raise TokenRefused("not_yet_valid")


def check_use(typ: object, claims: dict[str, Any]) -> None:
    """The token must say that it is for access, by typ `at+jwt`, `token_use` or `type`, and none may say otherwise."""
    said = [claims[name] for name in _SAYING_USE if name in claims]
    if any(each != ACCESS for each in said) or (typ != ACCESS_TYPE and not said):
        raise TokenRefused("type")


def check_origin(claims: dict[str, Any], issuer: str, audience: str) -> None:
    """`iss` must be ours, and `aud`, one text or a list of them, must name us."""
    if _text(claims, "iss") != issuer:
        raise TokenRefused("issuer")
    meant = claims.get("aud")
    meant = [meant] if isinstance(meant, str) else meant
    if not isinstance(meant, list) or not meant or not all(isinstance(each, str) for each in meant):
        raise TokenRefused("claims")
    if audience not in meant:
        raise TokenRefused("audience")


def lifetime(claims: dict[str, Any]) -> Lifetime:
    """`iat` and `exp` must be there, `nbf` may be; a token from the future counts as not yet valid."""
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    not_before = max(issued, _seconds(claims, "nbf")) if "nbf" in claims else issued
    if expires <= not_before:
        raise TokenRefused("claims")
    return Lifetime(not_before, expires)


def caller(claims: dict[str, Any]) -> Caller:
    """Whom the claims `sub`, `jti`, `scope`, `tenant` and `sid` describe; the first two must be there."""
    subject, token_id = _text(claims, "sub"), _text(claims, "jti")
    tenant = _text(claims, "tenant") if "tenant" in claims else SHARED_TENANT
    session = _text(claims, "sid") if "sid" in claims else None
    if not (_NAME.fullmatch(subject) and _NAME.fullmatch(token_id) and is_tenant(tenant)):
        raise TokenRefused("claims")
    if session is not None and not is_id(session):
        raise TokenRefused("claims")
    return Caller(subject, _permissions(claims.get("scope", "")), tenant, token_id, session)


def _permissions(scope: object) -> frozenset[Permission]:
    """Words in a list, or in text with one space between (RFC 6749, section 3.3). Unknown ones grant nothing."""
    if scope == "":
        return frozenset()
    words = scope.split(" ") if isinstance(scope, str) else scope
    if not isinstance(words, list) or not all(isinstance(each, str) and each and " " not in each for each in words):
        raise TokenRefused("scope")
    return frozenset(each for each in PERMISSIONS if each in words)


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise TokenRefused("claims")
    return value


def _seconds(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    # Whole seconds only: 1e400 would be an infinite one, and true is 1 to Python.
    if type(value) is not int or not 0 <= value < _YEAR_10000:
        raise TokenRefused("claims")
    return value
