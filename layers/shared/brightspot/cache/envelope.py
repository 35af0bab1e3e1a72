"""What the cache stores: a value with the times it lives by and the tags it can be cleared by."""

import struct
from dataclasses import dataclass

_VERSION = 1
_HEAD = struct.Struct(">BBdddH")  # version, flags (none yet), created, soft and hard expiry, length of the tags


@dataclass(frozen=True, slots=True)
class Envelope:
    """Times are Unix seconds by the shared store's clock; `created` is when its making began."""

    created: float
    soft: float
    hard: float
    tags: tuple[str, ...]
    payload: bytes

    def pack(self) -> bytes:
        tags = "\0".join(self.tags).encode()
        return _HEAD.pack(_VERSION, 0, self.created, self.soft, self.hard, len(tags)) + tags + self.payload


def unpack(data: bytes) -> Envelope | None:
    """The envelope, or None for bytes that no version we know has written: such an entry is a miss."""
    if len(data) < _HEAD.size:
        return None
    version, flags, created, soft, hard, length = _HEAD.unpack_from(data)
    end = _HEAD.size + length
    if version != _VERSION or flags or len(data) < end:
        return None
    try:
        tags = data[_HEAD.size : end].decode()
    except UnicodeDecodeError:
        return None
    return Envelope(created, soft, hard, tuple(tags.split("\0")) if tags else (), data[end:])
