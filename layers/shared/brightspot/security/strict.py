"""Encodings with one spelling: base64url without padding or slack bits, JSON objects without a member twice."""

import base64
import json
from typing import Any, Never


def to_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes whose only spelling `text` is. Raises ValueError for any other text, the empty one included."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # The decoder skips what is not of its alphabet, and slack bits; only the way back shows them.
    if not text or to_base64url(data) != text:
        raise ValueError("not canonical base64url")
    return data


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object that `data` is, in UTF-8. Raises ValueError for anything else, and for a member given twice.

    msgspec, our codec elsewhere, lets the last of two members win: two readers of one token could then disagree.
    """
    try:
        value = json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  # what was sent is wrong, not how we were called
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a member is given twice")
    return made


def _refuse(name: str) -> Never:
    raise ValueError(f"{name} is not JSON")
