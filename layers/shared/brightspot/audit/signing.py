"""Signs checkpoints with an Ed25519 or P-256 key; `cryptography` loads with the first one."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from brightspot.core.errors import SettingsError
from brightspot.core.settings import setting
from brightspot.security.strict import to_base64url

_HALF = 32


@dataclass(frozen=True, slots=True)
class SigningSettings:
    """The private key of checkpoints; without one, none are made."""

    pem: str = setting("AUDIT_SIGNING_KEY", "", "private key of checkpoints (PEM, PKCS #8)", secret=True)
    file: str = setting("AUDIT_SIGNING_KEY_FILE", "", "path of a file with that key")


class Signer(Protocol):
    """A key that signs; `kid` names its public half."""

    @property
    def kid(self) -> str: ...

    def sign(self, data: bytes) -> str: ...


class KeySigner:
    """Ed25519 signs as EdDSA does, P-256 as ES256 (r || s). Raises SettingsError for any other key."""

    def __init__(self, key: Any) -> None:
        self._key = key
        self.jwk = _public(key)
        self.kid: str = self.jwk["kid"]

    def sign(self, data: bytes) -> str:
        """The signature in base64url."""
        if self.jwk["kty"] == "OKP":
            return to_base64url(self._key.sign(data))
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # noqa: PLC0415
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

        r, s = decode_dss_signature(self._key.sign(data, ECDSA(SHA256())))
        return to_base64url(r.to_bytes(_HALF) + s.to_bytes(_HALF))


def configured_signer(settings: SigningSettings) -> KeySigner | None:
    """The signer that the environment has a key for. Raises SettingsError, which shows nothing of the key."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    if not settings.pem and not settings.file:
        return None
    try:
        pem = settings.pem.encode() if settings.pem else Path(settings.file).read_bytes()
        return KeySigner(load_pem_private_key(pem, None))
    except (OSError, ValueError, TypeError):
        raise SettingsError("AUDIT_SIGNING_KEY: send an Ed25519 or P-256 private key as PEM (PKCS #8)") from None


def _public(key: Any) -> dict[str, str]:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    if isinstance(key, Ed25519PrivateKey):
        raw = key.public_key().public_bytes_raw()
        told = {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(raw)}
    elif isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        numbers = key.public_key().public_numbers()
        raw = numbers.x.to_bytes(_HALF) + numbers.y.to_bytes(_HALF)
        told = {"kty": "EC", "crv": "P-256", "x": to_base64url(raw[:_HALF]), "y": to_base64url(raw[_HALF:])}
    else:
        raise TypeError("another kind of key")
    return {**told, "use": "sig", "kid": to_base64url(sha256(raw).digest()[:12])}
