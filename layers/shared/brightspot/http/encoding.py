"""Content codings: which there are, which bodies are worth one, and the body in one of them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

_EVENTS: Final = b"text/event-stream"  # small ones, which somebody between may have to part
_COMPRESSIBLE: Final = (b"/json", b"+json", b"/xml", b"+xml", b"/javascript")

# A level is worth its time while a byte less takes less of it than sending the byte would at 20 Mbit/s: 0.4 us.
_ZSTD_LEVEL: Final = 3
_BROTLI_QUALITY: Final = 3
_GZIP_LEVEL: Final = 5
_GZIP_FORMAT: Final = 31  # zlib's word for a gzip header and trailer round a window of 32 kB


def is_compressible(content_type: bytes) -> bool:
    """Whether bodies of a media type get smaller: text, JSON, XML and the like."""
    media = content_type.split(b";", 1)[0].strip().lower()
    if media == _EVENTS:
        return False
    return media.startswith(b"text/") or media.endswith(_COMPRESSIBLE)


# Each library is loaded by the first answer that it encodes.
def _zstd(body: bytes) -> bytes:
    from backports import zstd  # noqa: PLC0415  # 6 ms

    return zstd.compress(body, _ZSTD_LEVEL)


def _brotli(body: bytes) -> bytes:
    import brotli  # noqa: PLC0415  # 1 ms

    encoded: bytes = brotli.compress(body, quality=_BROTLI_QUALITY)
    return encoded


def _gzip(body: bytes) -> bytes:
    import zlib  # noqa: PLC0415  # 1 ms

    return zlib.compress(body, _GZIP_LEVEL, _GZIP_FORMAT)


def load_codings() -> None:
    """Load every library, for a snapshot that answers are to be sent from."""
    for encode in CODINGS.values():
        encode(b"")


CODINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = MappingProxyType({"zstd": _zstd, "br": _brotli, "gzip": _gzip})
"""By the name that headers have; the cheapest first, measured in docs/http.md."""
