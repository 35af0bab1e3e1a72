"""Checks of signatures; `cryptography` (16 ms) loads with the first token, never before."""

import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from brightspot.core.snapshots import load_before_snapshot
from brightspot.security.keys import Algorithm, VerifyingKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_SIGNATURE_BYTES = 64

load_before_snapshot(*(f"cryptography.hazmat.primitives.asymmetric.{each}" for each in ("ec", "ed25519", "utils")))


class _Check(Protocol):
    def __call__(self, material: bytes, signature: bytes, signed: bytes, /) -> None: ...


def holds(key: VerifyingKey, signature: bytes, signed: bytes) -> bool:
    """Whether `signature` is one of `signed` under `key`, by the key's own algorithm.

    EdDSA and ES256 sign in exactly 64 bytes: R || S for the one, r || s (big-endian, never DER) for the other; HS256 in
    32, compared in a time that tells nothing.
    """
    if key.algorithm == "HS256":
        return hmac.compare_digest(signature, hmac.digest(key.material, signed, "sha256"))
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # see above

    if len(signature) != _SIGNATURE_BYTES:
        return False
    try:
        _CHECKS[key.algorithm](key.material, signature, signed)
    except InvalidSignature:
        return False
    return True


def _check_eddsa(material: bytes, signature: bytes, signed: bytes) -> None:
    _ed25519(material).verify(signature, signed)


def _check_es256(material: bytes, signature: bytes, signed: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    half = _SIGNATURE_BYTES // 2
    der = encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
    _p256(material).verify(der, signed, ECDSA(SHA256()))


@lru_cache(maxsize=32)
def _ed25519(material: bytes) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    return Ed25519PublicKey.from_public_bytes(material)


@lru_cache(maxsize=32)
def _p256(material: bytes) -> "EllipticCurvePublicKey":
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey  # noqa: PLC0415

    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), b"\x04" + material)


_CHECKS: dict[Algorithm, _Check] = {"EdDSA": _check_eddsa, "ES256": _check_es256}
