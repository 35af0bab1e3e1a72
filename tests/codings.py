"""Content codings, undone as an HTTP API and its clients undo them."""

import base64
import gzip
from typing import Any

import brotli
from backports import zstd

DECODERS = {"zstd": zstd.decompress, "br": brotli.decompress, "gzip": gzip.decompress}


def sent_by(returned: dict[str, Any]) -> bytes:
    """The bytes that an HTTP API sends of what a function returned."""
    body: str = returned["body"]
    return base64.b64decode(body) if returned["isBase64Encoded"] else body.encode()


def body_of(returned: dict[str, Any]) -> str:
    """The body that a client reads of what a function returned."""
    return decoded(sent_by(returned), returned["headers"].get("content-encoding")).decode()


def decoded(body: bytes, coding: str | None) -> bytes:
    """A body out of its content coding, None for none."""
    return body if coding is None else DECODERS[coding](body)
