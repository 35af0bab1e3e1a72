"""Makes access tokens: compact JWS (RFC 7515, RFC 9068) under the first private key whose public half is published."""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from brightspot.core import codec
from brightspot.core.errors import SettingsError
from brightspot.security.claims import ACCESS_TYPE
from brightspot.security.keys import Algorithm, Keys, KeySettings, shared_secret
from brightspot.security.strict import to_base64url

_PEM = re.compile(rb"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----", re.DOTALL)
_HALF = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What tokens are signed with; `sign` gives the signature as JWS has it."""

    kid: str
    algorithm: Algorithm
    sign: Callable[[bytes], bytes] = field(repr=False)


def signed_token(key: SigningKey, claims: Mapping[str, Any]) -> str:
    """The access token that says `claims`."""
    header = {"alg": key.algorithm, "kid": key.kid, "typ": ACCESS_TYPE}
    signed = ".".join(to_base64url(codec.dumps(part)) for part in (header, claims))
    return f"{signed}.{to_base64url(key.sign(signed.encode()))}"


def secret_signing_key(settings: KeySettings) -> SigningKey | None:
    """The key of HS256, where JWT_SECRET is set. Raises SettingsError."""
    shared = shared_secret(settings)
    if shared is None:
        return None
    return SigningKey(shared.kid, "HS256", lambda signed: hmac.digest(shared.material, signed, "sha256"))


def signing_key(pem: bytes, published: Keys, where: str) -> SigningKey:
    """The first private key (PKCS #8) of `pem` that signs tokens which the published keys prove.

    So a rotation has no moment in which somebody cannot check a token: whichever half is deployed first, a new key
    signs once both are there. Raises SettingsError, naming `where` but no content, when there is none.
    """
    found = _PEM.findall(pem)
    if not found:
        raise SettingsError(f"{where}: send private keys in PEM (BEGIN PRIVATE KEY), one after another")
    by_material = {(each.algorithm, each.material): each.kid for each in published.values()}
    for each in found:
        algorithm, material, sign = _opened(each, where)
        kid = by_material.get((algorithm, material))
        if kid is not None:
            return SigningKey(kid, algorithm, sign)
    raise SettingsError(f"{where}: the public half of none of its keys is in JWT_PUBLIC_KEYS; publish it there first")


def _opened(pem: bytes, where: str) -> tuple[Algorithm, bytes, Callable[[bytes], bytes]]:
    from cryptography.hazmat.primitives.asymmetric.ec import (  # noqa: PLC0415  # 16 ms that only a login pays
        SECP256R1,
        EllipticCurvePrivateKey,
    )
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise SettingsError(f"{where}: a key in it cannot be read") from None  # the cause may hold the text
    if isinstance(key, Ed25519PrivateKey):
        return "EdDSA", key.public_key().public_bytes_raw(), key.sign
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        point = key.public_key().public_numbers()
        return "ES256", point.x.to_bytes(_HALF) + point.y.to_bytes(_HALF), lambda signed: _es256(key, signed)
    raise SettingsError(f"{where}: a key in it is neither Ed25519 nor P-256")


def _es256(key: Any, signed: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    r, s = decode_dss_signature(key.sign(signed, ECDSA(SHA256())))
    return r.to_bytes(_HALF) + s.to_bytes(_HALF)
