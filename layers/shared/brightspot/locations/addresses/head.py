"""The head of an address, before the state and the ZIP: its street and its city, and the PO box beside them."""

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from brightspot.core.snapshots import load_before_snapshot
from brightspot.locations.addresses.abroad import Parts
from brightspot.locations.addresses.city_names import city_key
from brightspot.locations.addresses.regions import trailing_state
from brightspot.locations.addresses.words import is_street_suffix, looks_like_street, plain, street_form

load_before_snapshot("usaddress")

_PO_BOX: Final = re.compile(
    r"(?:\bP\.?\s?O\.?\s?B(?:OX|X|\.)?|\bPOST\s?OFFICE\s?BOX|^BOX)(?:\s?(?:NO\.?|NUMBER)\b)?[\s.:#]*"
    r"\b([A-Z]?[0-9][A-Z0-9-]*)",
    re.IGNORECASE,
)
# Where the canonical spelling is a rare one, the model gets the usual one.
_MODEL_SPELLINGS: Final = {
    "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW", "COURT": "CT",
}  # fmt: skip
_COUNTY_WORDS: Final = frozenset({"COUNTY", "PARISH"})


@dataclass(frozen=True, slots=True)
class Head:
    """Street and city as written; `estimated_split` when no comma parted them."""

    street: str | None
    city: str | None
    estimated_split: bool


def read_head(parts: Parts, state: str | None) -> Head:
    """Tell street and city apart in `parts`, which stand before `state`."""
    parts = _without_asides(parts, state)
    if not parts:
        return Head(None, None, estimated_split=False)
    if looks_like_street(parts[-1]):
        words = [word for part in parts for word in part]
        street, city = _split_by_model(words, state)
        return Head(street or None, city or None, estimated_split=True)
    street = " ".join(word for part in parts[:-1] for word in part)
    city = " ".join(parts[-1])
    return Head(street or None, city if city_key(city) else None, estimated_split=False)


def take_po_box(line: str) -> tuple[str, str | None]:
    """Return `line` without its PO box, wherever that stands, and the number of the box."""
    match = _PO_BOX.search(line)
    if match is None:
        return line, None
    return f"{line[: match.start()]}, {line[match.end() :]}".strip(" ,"), match[1].upper()


def _without_asides(parts: Parts, state: str | None) -> Parts:
    """Drop a county and a repeated state, which some programs write between the city and the state."""
    while state and len(parts) > 1 and (plain(parts[-1][-1]) in _COUNTY_WORDS or _repeats_state(parts, state)):
        parts = parts[:-1]
    return parts


def _repeats_state(parts: Parts, state: str | None) -> bool:
    """Whether the last part is the state again; "New York, NY" names the city, unless it was named before."""
    return _is_state(parts[-1], state) and (state != "NY" or _is_state(parts[-2], state))


def _is_state(words: list[str], state: str | None) -> bool:
    return trailing_state(words) == (state, len(words))


def _is_no_city(words: list[str], state: str | None) -> bool:
    lone_suffix = len(words) == 1 and is_street_suffix(words[0])
    county = bool(words) and plain(words[-1]) in _COUNTY_WORDS
    return lone_suffix or county or (state != "NY" and _is_state(words, state))


def _split_by_model(words: list[str], state: str | None) -> tuple[str, str]:
    """Let usaddress say where the city begins; it is the last run of words that it takes for a place's name.

    Its `tag` raises RepeatedLabelError on many real addresses; its `parse`, which labels word by word, never does.
    It sees one spelling of each word, so that case and short forms cannot move the boundary.
    """
    import usaddress  # type: ignore[import-untyped]  # it ships stubs without py.typed  # noqa: PLC0415

    words = [word for word in words if street_form(word)]
    spelled = [_MODEL_SPELLINGS.get(street_form(word), street_form(word)) for word in words]
    known_end = [*filter(None, [state]), "55901"]
    labelled = usaddress.parse(" ".join([*spelled, *known_end]))[: -len(known_end)]
    places = list(takewhile(lambda pair: pair[1] == "PlaceName", reversed(labelled)))
    start = _word_before(spelled, sum(len(plain(token)) for token, _ in places))
    while start < len(words) and looks_like_street(words[start:]):
        start += 1
    if _is_no_city(words[start:], state) or not city_key(" ".join(words[start:])):
        start = len(words)
    return " ".join(words[:start]), " ".join(words[start:])


def _word_before(words: list[str], length: int) -> int:
    """Return where the words begin whose letters, counted from the end, fit in `length`; a token may be half a word."""
    start = len(words)
    while start and len(plain(words[start - 1])) <= length:
        start -= 1
        length -= len(plain(words[start]))
    return start
