"""What an issuer has: keys, and tokens made of any header, claims and signature one likes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from brightspot.security import KeySettings, TokenSettings, TokenVerifier, configured_keys, to_base64url

NOW = 1_767_225_600  # 2026-01-01, where the hand clock stands

Sign = Callable[[bytes], bytes]


def claims(**changes: Any) -> dict[str, Any]:
    """Good claims of a caller who may write; None takes a claim away."""
    good = {
        "iss": "brightspot",
        "aud": "brightspot-api",
        "sub": "user-1",
        "jti": "token-1",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 900,
        "scope": "read write",
        "token_use": "access",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


@dataclass(frozen=True)
class Issuer:
    """One key of an issuer."""

    kid: str
    algorithm: str
    sign: Sign
    jwk: dict[str, Any] = field(repr=False)

    def token(self, header: Any = None, payload: Any = None, sign: Sign | None = None) -> str:
        """A token; `header` and `payload` are changes (None takes away), or bytes to be taken as they are."""
        if not isinstance(header, bytes):
            made = {"alg": self.algorithm, "kid": self.kid, "typ": "at+jwt", **(header or {})}
            header = json.dumps({name: value for name, value in made.items() if value is not None}).encode()
        if not isinstance(payload, bytes):
            payload = json.dumps(claims(**(payload or {}))).encode()
        signed = f"{to_base64url(header)}.{to_base64url(payload)}"
        return f"{signed}.{to_base64url((sign or self.sign)(signed.encode()))}"


def ed25519(kid: str, seed: int = 1) -> Issuer:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    x = to_base64url(private.public_key().public_bytes_raw())
    return Issuer(kid, "EdDSA", private.sign, {"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": x})


def p256(kid: str, secret: int = 0xB5) -> Issuer:
    private = ec.derive_private_key(secret, ec.SECP256R1())
    point = private.public_key().public_numbers()
    x, y = (to_base64url(number.to_bytes(32)) for number in (point.x, point.y))
    jwk = {"kty": "EC", "crv": "P-256", "kid": kid, "x": x, "y": y}
    return Issuer(kid, "ES256", lambda data: raw(der_signature(private, data)), jwk)


def der_signature(private: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    return private.sign(data, ec.ECDSA(SHA256()))


def raw(der: bytes) -> bytes:
    return b"".join(number.to_bytes(32) for number in decode_dss_signature(der))


EDDSA = ed25519("ed-1")
ES256 = p256("ec-1")


def key_set(*issuers: Issuer) -> str:
    return json.dumps({"keys": [each.jwk for each in issuers]})


def verifier(clock: Any, *issuers: Issuer, **settings: Any) -> TokenVerifier:
    keys = configured_keys(KeySettings(text=key_set(*(issuers or (EDDSA, ES256)))))
    return TokenVerifier(lambda: keys, TokenSettings(**settings), clock)
