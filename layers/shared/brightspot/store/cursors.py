"""Opaque cursors: where a list's next page begins."""

import base64
from typing import Literal

import msgspec

from brightspot.core.errors import InputRefused

_ADVICE = "send the next_cursor of the page before, unchanged and with the same filters, or leave it out"
_LONGEST = 512


class _Position(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    version: Literal[1]
    listing: str
    after: str


_decoder = msgspec.json.Decoder(_Position)


def encode_cursor(listing: str, after: str) -> str:
    """A cursor that stands behind the row `after` of a listing.

    `after` is a place in the listing's total order, so that rows added later move no page.
    """
    packed = msgspec.json.encode(_Position(1, listing, after))
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode_cursor(listing: str, text: str) -> str:
    """The row behind which a cursor of this listing stands. Raises InputRefused for anything else."""
    if len(text) > _LONGEST or not text.isascii():
        raise InputRefused("cursor", _ADVICE)
    try:
        position = _decoder.decode(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, msgspec.DecodeError) as error:  # ValueError: no base64, or no UTF-8 inside
        raise InputRefused("cursor", _ADVICE) from error
    if position.listing != listing or encode_cursor(listing, position.after) != text:
        raise InputRefused("cursor", _ADVICE)
    return position.after
