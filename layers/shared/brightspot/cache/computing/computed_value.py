"""What an entry's payload holds of a computed value: the value, or the error, and how long it took and lives."""

import struct
from typing import Any, Final, Protocol

import msgspec

from brightspot.core import codec

VALUE: Final = 0
ERROR: Final = 1
_VERSION: Final = 1
_HEAD: Final = struct.Struct(">BBdd")  # version, kind, seconds it took, seconds it is fresh


class Codec(Protocol):
    """Makes bytes of a value and a value of these bytes."""

    def encode(self, value: Any, /) -> bytes: ...

    def decode(self, data: bytes, /) -> Any: ...


class JsonCodec:
    """The house's JSON, read back as `kind`: an annotation that msgspec understands."""

    def __init__(self, kind: Any = Any) -> None:
        self._decoder = msgspec.json.Decoder(kind)

    def encode(self, value: Any, /) -> bytes:
        return codec.dumps(value)

    def decode(self, data: bytes, /) -> Any:
        return self._decoder.decode(data)


class BytesCodec:
    """For values that are bytes already."""

    @staticmethod
    def encode(value: bytes, /) -> bytes:
        return value

    @staticmethod
    def decode(data: bytes, /) -> bytes:
        return data


class ComputedValue(msgspec.Struct, frozen=True):
    """`data` is the value's bytes by its codec, or of an error its class and arguments as JSON."""

    kind: int
    delta: float
    ttl: float
    data: bytes

    def pack(self) -> bytes:
        return _HEAD.pack(_VERSION, self.kind, self.delta, self.ttl) + self.data


def unpack_computed(payload: bytes) -> ComputedValue | None:
    """None for what no version we know has written: such an entry is a miss."""
    if len(payload) < _HEAD.size:
        return None
    version, kind, delta, ttl = _HEAD.unpack_from(payload)
    if version != _VERSION or kind not in {VALUE, ERROR}:
        return None
    return ComputedValue(kind, delta, ttl, payload[_HEAD.size :])


def pack_error(error: Exception, kinds: tuple[type[Exception], ...]) -> bytes:
    """The first of `kinds` that it is one of, and its arguments; what is no plain value becomes text."""
    kind = next(each for each in kinds if isinstance(error, each))
    plain = [each if isinstance(each, str | int | float | bool | None) else str(each) for each in error.args]
    return codec.dumps([_name(kind), plain])


def unpack_error(data: bytes, kinds: tuple[type[Exception], ...]) -> Exception:
    """The error as it was raised, but made without its class's `__init__`.

    Raises LookupError when it is none of `kinds`.
    """
    name, arguments = codec.loads(data)
    for kind in kinds:
        if _name(kind) == name:
            return kind.__new__(kind, *arguments)
    raise LookupError(name)


def _name(kind: type[Exception]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
