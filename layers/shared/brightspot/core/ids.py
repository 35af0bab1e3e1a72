"""Identifiers that sort by time and tell nothing else."""

import secrets
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80


def new_id(now: datetime) -> str:
    """A ULID: 48 bits of Unix milliseconds and 80 random bits as 26 characters of Crockford base 32.

    Source of the format: the ULID specification (github.com/ulid/spec).
    """
    number = (int(now.timestamp() * 1000) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
