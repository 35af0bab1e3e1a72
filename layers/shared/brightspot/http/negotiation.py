"""What a client likes best of what is on offer: a content coding (RFC 9110 §12.5.3), a media type (§12.5.1)."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

# Compiled by the first request that needs it (`re` remembers): a cold start does without.
_MEMBER: Final = r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]*;[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
_WEIGHT: Final = r"0(\.[0-9]{0,3})?|1(\.0{0,3})?"
_ALIASES: Final = {"x-gzip": "gzip"}  # RFC 9110 §8.4.1.3: the same coding
_ANY: Final = "*"
_IDENTITY: Final = "identity"


class Choice(msgspec.Struct, frozen=True):
    """A content coding, None for none (identity); `required` says that the client refuses an answer without one."""

    coding: str | None
    required: bool = False


def choice(field: str | None, offered: Sequence[str]) -> Choice:
    """What to send to a client that sent this `Accept-Encoding` (None: it sent none); `offered` is best first.

    The highest weight wins, and among equals what is offered first. A client that names no coding gets none: it may
    take any, but it need not know any. One that refuses identity and whatever is offered gets identity all the same,
    which §12.5.3 allows: an answer it can at least look at helps it more than 406.
    """
    if field is None:
        return Choice(None)
    weights = weighted(field)
    others = weights.get(_ANY)
    identity = weights.get(_IDENTITY, others)
    weight, best = 0.0, None
    for coding in offered:
        each = weights.get(coding, others or 0.0)
        if each > weight:
            weight, best = each, coding
    if identity is not None and identity > weight:
        best = None
    return Choice(best, required=identity == 0)


def weighted(field: str) -> dict[str, float]:
    """Each coding by its name in lower case, with its weight from 0 to 1.

    What cannot be read is ignored, as are all but the first of members of one name.
    """
    found: dict[str, float] = {}
    for part in field.split(","):
        member = re.fullmatch(_MEMBER, part.strip(" \t"))
        if member is not None:
            name = member[1].lower()
            found.setdefault(_ALIASES.get(name, name), 1.0 if member[2] is None else float(member[2]))
    return found


def media_type(field: str | None, offered: Sequence[str]) -> str:
    """The media type to send to a client that sent this `Accept` (None: it sent none); `offered` is best first.

    The highest weight wins, and among equals what is offered first; a range that names a type says more of it than
    `text/*` or `*/*`. One that accepts nothing on offer gets the first all the same, as §15.5.7 allows.
    """
    weights: dict[str, float] = {}
    for part in (field or "").split(","):
        name, *parameters = (each.strip(" \t").lower() for each in part.split(";"))
        weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        if re.fullmatch(_WEIGHT, weight):
            weights.setdefault(name, float(weight))
    return max(offered, key=lambda each: _weight(each, weights))  # the first of equals


def _weight(kind: str, weights: Mapping[str, float]) -> float:
    ranges = (kind, f"{kind.partition('/')[0]}/*", "*/*")
    return next((weights[each] for each in ranges if each in weights), 0.0)
