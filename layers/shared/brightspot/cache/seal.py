"""How an entry leaves this process: compressed where that makes it smaller, encrypted where there are keys."""

import logging
from typing import TYPE_CHECKING, Final

import msgspec

from brightspot.cache.envelope import AES_GCM, ZSTD, Envelope, Read, read
from brightspot.cache.names import namespace_in
from brightspot.core.snapshots import load_before_snapshot
from brightspot.telemetry import CACHE_TAMPERED, count

if TYPE_CHECKING:
    from brightspot.cache.keyring import KeyRing

load_before_snapshot("backports.zstd")

DEFAULT_THRESHOLD: Final = 1024
_WINDOW_LOG: Final = 24
_MOST_BYTES: Final = 1 << _WINDOW_LOG  # of a payload that is compressed, or comes out of one that was
_log = logging.getLogger(__name__)


class Sealed(msgspec.Struct, frozen=True):
    """An entry as it is stored, and how many bytes compressing it saved."""

    data: bytes
    saved: int


class Seal:
    """Safe to share between threads. Loads zstd and cryptography when an entry needs them."""

    def __init__(
        self, *, threshold: int = DEFAULT_THRESHOLD, ring: "KeyRing | None" = None, accepts_plain: bool = False
    ) -> None:
        """Payloads of `threshold` bytes and more are compressed, none by 0.

        With a `ring` an entry that is not encrypted is a miss, since anybody could have written it; unless such are
        accepted.
        """
        self._threshold = threshold
        self._ring = ring
        self._needs_encrypted = ring is not None and not accepts_plain

    def pack(self, name: str, entry: Envelope, *, compress: bool = True) -> Sealed:
        """Raises ValueError for tags that cannot be."""
        payload, flags = entry.payload, 0
        if compress and 0 < self._threshold <= len(payload) <= _MOST_BYTES:
            smaller = _compressed(payload)
            if len(smaller) < len(payload):
                payload, flags = smaller, ZSTD
        saved = len(entry.payload) - len(payload)
        if self._ring is None:
            return Sealed(entry.head(flags) + payload, saved)
        head = entry.head(flags | AES_GCM)
        return Sealed(head + self._ring.encrypt(payload, head + name.encode()), saved)

    def unpack(self, name: str, data: bytes) -> Envelope | None:
        """The entry of that name, or None for what is a miss: foreign, of an unknown key, or not as it was written."""
        found = read(data)
        if found is None or (self._needs_encrypted and not found.flags & AES_GCM):
            return None
        entry = found.envelope
        if not found.flags:
            return entry
        payload = self._decrypted(name, data, found) if found.flags & AES_GCM else entry.payload
        if payload is not None and found.flags & ZSTD:
            payload = _decompressed(payload)
        return None if payload is None else Envelope(entry.created, entry.soft, entry.hard, entry.tags, payload)

    def _decrypted(self, name: str, data: bytes, found: Read) -> bytes | None:
        if self._ring is None:
            return None
        from brightspot.cache.keyring import Tampered  # noqa: PLC0415  # where there is a ring, it is loaded

        try:
            return self._ring.decrypt(found.envelope.payload, data[: found.head_length] + name.encode())
        except Tampered:
            _log.warning("cache_entry_tampered", extra={"namespace": namespace_in(name)})
            count(CACHE_TAMPERED)  # of all namespaces: one figure, and so one alarm
            return None


def _compressed(payload: bytes) -> bytes:
    import backports.zstd as zstd  # noqa: PLC0415, PLR0402  # 4 ms that a process need not pay that stores nothing large

    return zstd.compress(payload)


def _decompressed(payload: bytes) -> bytes | None:
    """None for what is no whole frame, or would be larger than what we compress: a bomb is not unpacked to be told."""
    import backports.zstd as zstd  # noqa: PLC0415, PLR0402  # as above; without a list of names it is found faster

    decompressor = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})
    try:
        plain = decompressor.decompress(payload, _MOST_BYTES + 1)
    except zstd.ZstdError:
        return None
    whole = decompressor.eof and not decompressor.unused_data and len(plain) <= _MOST_BYTES
    return plain if whole else None
