"""What the cache stores: a value with the times it lives by and the tags it can be cleared by."""

import struct
from typing import Final

import msgspec

ZSTD: Final = 1
AES_GCM: Final = 2
_VERSION = 1
_HEAD = struct.Struct(">BBdddH")  # version, flags, created, soft and hard expiry, length of the tags
_MOST_TAG_BYTES = 1000
_MOST_OF_TAG = 100
HEAD_BYTES = _HEAD.size + _MOST_TAG_BYTES  # as much of an entry as may have to be read for its tags


class Envelope(msgspec.Struct, frozen=True):
    """Times are Unix seconds by the shared store's clock; `created` is when its making began."""

    created: float
    soft: float
    hard: float
    tags: tuple[str, ...]
    payload: bytes

    def pack(self) -> bytes:
        """As bytes, the payload as it is. Raises ValueError as `head` does."""
        return self.head() + self.payload

    def head(self, flags: int = 0) -> bytes:
        """What stands before the payload, which is as the flags say: of it `ZSTD` was made first, then `AES_GCM`.

        Raises ValueError for what cannot be a tag, and for too many of them.
        """
        tags = "\0".join(self.tags).encode()
        if len(tags) > _MOST_TAG_BYTES or not all(map(is_tag, self.tags)):
            raise ValueError(f"{self.tags} cannot be tags, or have more than {_MOST_TAG_BYTES} bytes together")
        return _HEAD.pack(_VERSION, flags, self.created, self.soft, self.hard, len(tags)) + tags


class Read(msgspec.Struct, frozen=True):
    """An envelope whose payload is as the flags say, and how many bytes stand before that."""

    flags: int
    head_length: int
    envelope: Envelope


def is_tag(text: str) -> bool:
    """Whether an entry can have it as a tag: printable ASCII without blank and =, which stand between tags' epochs."""
    plain = text.isascii() and text.isprintable() and not {" ", "="} & set(text)
    return plain and 0 < len(text) <= _MOST_OF_TAG


def read(data: bytes) -> Read | None:
    """What bytes say, or None for those that no version we know has written: such an entry is a miss.

    Of the first `HEAD_BYTES` alone everything is right but the payload.
    """
    if len(data) < _HEAD.size:
        return None
    version, flags, created, soft, hard, length = _HEAD.unpack_from(data)
    end = _HEAD.size + length
    if version != _VERSION or flags & ~(ZSTD | AES_GCM) or len(data) < end:
        return None
    try:
        tags = data[_HEAD.size : end].decode()
    except UnicodeDecodeError:
        return None
    return Read(flags, end, Envelope(created, soft, hard, tuple(tags.split("\0")) if tags else (), data[end:]))
