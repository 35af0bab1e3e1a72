"""The keys that entries are encrypted with: the first encrypts, all decrypt."""

import binascii
import os
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from brightspot.core.errors import SettingsError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_LENGTHS: Final = (16, 24, 32)
_NONCE_BYTES: Final = 12
_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class Tampered(Exception):
    """A key that we have did not make these bytes, or not for this place."""


class KeyRing:
    """AES-GCM (NIST SP 800-38D) with random nonces of 96 bits, so that a key is good for 2**32 entries (there, 8.3).

    What it makes: length of the key's id (one byte), id, nonce, ciphertext with its tag of 16 bytes. Loads
    `cryptography` when it first has something to encrypt or decrypt.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Keys of 16, 24 or 32 bytes by their ids; the first one encrypts."""
        self._keys = dict(keys)
        self._current = next(iter(self._keys))
        self._ciphers: dict[str, AESGCM] = {}

    def encrypt(self, plain: bytes, associated: bytes) -> bytes:
        """`associated` is what decrypting must name again, as it is."""
        named = bytes([len(self._current)]) + self._current.encode()
        nonce = os.urandom(_NONCE_BYTES)
        return named + nonce + self._cipher(self._current).encrypt(nonce, plain, named + associated)

    def decrypt(self, sealed: bytes, associated: bytes) -> bytes | None:
        """The plain bytes; None when they were encrypted with a key that is not here. Raises Tampered."""
        start = 1 + (sealed[0] if sealed else 0)
        named, end = sealed[:start], start + _NONCE_BYTES
        key_id = named[1:].decode("ascii", "replace")
        if key_id not in self._keys:
            return None
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # as _cipher

        try:
            return self._cipher(key_id).decrypt(sealed[start:end], sealed[end:], named + associated)
        except (InvalidTag, ValueError) as error:  # ValueError: the nonce is cut short
            raise Tampered from error

    def _cipher(self, key_id: str) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  # 20 ms that few must pay

        if key_id not in self._ciphers:
            self._ciphers[key_id] = AESGCM(self._keys[key_id])
        return self._ciphers[key_id]


def key_ring(text: str, variable: str) -> KeyRing:
    """The keys of `id1:base64,id2:base64`. Raises SettingsError, which tells nothing of any key."""
    keys: dict[str, bytes] = {}
    for at, each in enumerate(text.split(","), start=1):
        key_id, colon, encoded = each.strip().partition(":")
        if not colon or not _ID.fullmatch(key_id):
            raise SettingsError(f"{variable}: entry {at} is not id:base64, with an id of 1 to 32 of A-Z a-z 0-9 _ . -")
        if key_id in keys:
            raise SettingsError(f"{variable}: the id {key_id} is there twice")
        keys[key_id] = _key(encoded, f"{variable}: the key {key_id}")
    return KeyRing(keys)


def _key(encoded: str, what: str) -> bytes:
    try:
        key = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise SettingsError(f"{what} is not base64") from None  # the cause would show the key
    if len(key) not in _LENGTHS:
        raise SettingsError(f"{what} has {len(key)} bytes: send 16, 24 or 32, as `openssl rand -base64 32` makes them")
    return key
