"""Identifiers that sort by time and tell nothing else."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80
_TIME_CHARACTERS = 10
ID_PATTERN = f"^[0-7][{_ALPHABET}]{{25}}$"
_SHAPE = re.compile(ID_PATTERN.strip("^$"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(now: datetime) -> str:
    """A ULID: 48 bits of Unix milliseconds and 80 random bits as 26 characters of Crockford base 32.

    Source of the format: the ULID specification (github.com/ulid/spec).
    """
    return _text((_milliseconds(now) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS))


def derived_id(base: str, name: str) -> str:
    """An id of the time of `base`, always the same for one name: what is made again has its id again."""
    return (
        base[:_TIME_CHARACTERS]
        + _text(int.from_bytes(sha256(f"{base}/{name}".encode()).digest()[:10]))[_TIME_CHARACTERS:]
    )


def earliest_id(at: datetime) -> str:
    """The lowest id of the millisecond `at`: every id made before it is below, none made from then on is."""
    return _text(_milliseconds(at) << _RANDOM_BITS)


def is_id(text: str) -> bool:
    """Whether `text` has the shape of an id."""
    return _SHAPE.fullmatch(text) is not None


def _milliseconds(at: datetime) -> int:
    return max(0, (at - _EPOCH) // timedelta(milliseconds=1))


def _text(number: int) -> str:
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
