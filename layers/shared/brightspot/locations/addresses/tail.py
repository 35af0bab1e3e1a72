"""The end of an address: its ZIP and its state, in either order, and what stands before them."""

import re
from dataclasses import dataclass
from typing import Final

from brightspot.locations.addresses.abroad import (
    Parts,
    country_at_end,
    country_of_postcode,
    has_province_code,
    is_canadian,
    without_united_states,
)
from brightspot.locations.addresses.errors import refuse, shortened
from brightspot.locations.addresses.regions import trailing_state
from brightspot.locations.addresses.words import has_digit, is_street_suffix, looks_like_street, plain

_ZIP: Final = re.compile(r"([0-9]{5})(?:-?([0-9]{4}))?")
_ZIP_LIKE: Final = re.compile(r"[0-9]{6,}|[0-9]{5}-[0-9]*")
_SHORT_ZIP: Final = re.compile(r"[0-9]{1,4}(?:-[0-9]{4})?")
_LOST_ZEROS: Final = (3, 4)  # digits that are left of a ZIP such as 00501 or 01001
_ORDINAL: Final = re.compile(r"[0-9]+(ST|ND|RD|TH)")
_ZIP_LABEL: Final = re.compile(r"\bzip(?:\s?code)?[\s:#]*(?=[0-9]{5})", re.IGNORECASE)
_GLUED_STATE: Final = re.compile(r"\b([a-z]{2})-?(?=[0-9]{5}(?:-?[0-9]{4})?$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tail:
    """What the end of an address says; `parts` is what stands before it."""

    parts: Parts
    state: str | None
    state_words: tuple[str, ...]
    zip5: str | None
    zip4: str | None


def read_tail(line: str) -> Tail:
    """Take country, ZIP and state off a clean `line`.

    Raises AddressRefused when the line lies in another country or ends with a number that is no ZIP.
    """
    line = without_united_states(line)
    parts = _parts(_GLUED_STATE.sub(r"\1 ", _ZIP_LABEL.sub("", line)))
    if not parts:
        return Tail([], None, (), None, None)
    _refuse_abroad(country_of_postcode(line))
    _refuse_bad_zip(parts)
    parts, zip5, zip4 = _take_zip(parts)
    parts, state, state_words = _take_state(parts, has_zip=zip5 is not None)
    if state and zip5 is None:
        parts, zip5, zip4 = _take_zip(parts)
    if parts:
        _refuse_foreign_rest(parts, state, zip5)
    if zip5:
        _refuse_second_zip(parts, zip5)
    if parts and zip5 is None:
        parts, zip5, zip4 = _take_leading_zip(parts)
    return Tail(parts, state, state_words, zip5, zip4)


def _parts(line: str) -> Parts:
    cut = ([word for word in part.split() if plain(word)] for part in line.split(","))
    return [words for words in cut if words]


def _without_last(parts: Parts, count: int) -> Parts:
    return [part for part in [*parts[:-1], parts[-1][:-count]] if part]


def _take_zip(parts: Parts) -> tuple[Parts, str | None, str | None]:
    if not parts:
        return parts, None, None
    last = parts[-1]
    if len(last) > 1 and re.fullmatch("[0-9]{4}", last[-1]) and re.fullmatch("[0-9]{5}", last[-2]):
        return _without_last(parts, 2), last[-2], last[-1]
    match = _ZIP.fullmatch(last[-1].strip("()[].#-"))
    if match is None:
        return parts, None, None
    return _without_last(parts, 1), match[1], match[2]


def _take_state(parts: Parts, *, has_zip: bool) -> tuple[Parts, str | None, tuple[str, ...]]:
    found = trailing_state(parts[-1]) if parts else None
    if found is None:
        return parts, None, ()
    state, size = found
    if plain(parts[-1][-1]) == state and _is_part_of_street(parts[-1], state, has_zip=has_zip):
        return parts, None, ()
    return _without_last(parts, size), state, tuple(parts[-1][-size:])


def _is_part_of_street(words: list[str], code: str, *, has_zip: bool) -> bool:
    """Whether the last of `words`, which is a state's code, is the street's: "5th Ave NE", "2nd FL", "9 Oak Ct"."""
    before = [plain(word) for word in words[:-1]]
    if not any(map(has_digit, before)):
        return False
    ordinal = _ORDINAL.fullmatch(before[-1]) is not None
    return (
        (code == "NE" and (ordinal or is_street_suffix(before[-1])))
        or (code == "FL" and ordinal)
        or (code == "CT" and has_zip and len(before) <= 2)  # noqa: PLR2004  # a number and one name
    )


def _take_leading_zip(parts: Parts) -> tuple[Parts, str | None, str | None]:
    """Read "55901 Rochester, MN": a number before words that hold no street is a ZIP, not a house number."""
    first = parts[0]
    match = _ZIP.fullmatch(first[0])
    if match is None or len(parts) > 1 + (len(first) == 1) or looks_like_street(first[1:]):
        return parts, None, None
    if any(is_street_suffix(word) for word in first[2:]):
        return parts, None, None
    return [part for part in [first[1:], *parts[1:]] if part], match[1], match[2]


def _refuse_bad_zip(parts: Parts) -> None:
    last = parts[-1][-1].strip("()[].#")
    rest = _without_last(parts, 1)
    if _ZIP_LIKE.fullmatch(last) and not _ZIP.fullmatch(last.rstrip("-")):
        refuse(
            "bad_zip",
            f'"{shortened(last, 24)}" is not a ZIP: a ZIP has five digits, or five and four ("55901", "55901-1234").',
            {"zip": last},
        )
    stands_as_zip = not rest or trailing_state(rest[-1]) is not None
    if _SHORT_ZIP.fullmatch(last) and stands_as_zip and not _is_plus_four(parts):
        digits = last.split("-")[0]
        lost = f" Leading zeros are easily lost: did you mean {digits.zfill(5)}?" if len(digits) in _LOST_ZEROS else ""
        refuse("bad_zip", f'"{last}" is not a ZIP: a ZIP has five digits.{lost}', {"zip": last})


def _is_plus_four(parts: Parts) -> bool:
    return len(parts[-1]) > 1 and re.fullmatch("[0-9]{5}", parts[-1][-2]) is not None


def _refuse_second_zip(parts: Parts, zip5: str) -> None:
    words = [word for part in parts for word in part]
    if words and all(_ZIP.fullmatch(word) for word in words):
        refuse(
            "two_zips",
            f"We understood more than one ZIP: {words[0]} and {zip5}. Send one address at a time.",
            {"zip": zip5, "other_zip": words[0]},
        )


def _refuse_foreign_rest(parts: Parts, state: str | None, zip5: str | None) -> None:
    if country := country_of_postcode(" ".join(parts[-1])):
        _refuse_abroad(country)
    if (state is None or state == "CA") and has_province_code(parts):
        _refuse_abroad("Canada")
    if state is None and zip5 is None:
        _refuse_abroad(country_at_end(parts))
    if state == "CA" and zip5 is None and is_canadian(parts):
        _refuse_abroad("Canada")


def _refuse_abroad(country: str | None) -> None:
    if country:
        refuse(
            "not_us",
            f"The address looks like one in {country}; only addresses in the United States can be analyzed. "
            'If it is in the US, add its state and ZIP, as in "Rochester, MN 55901".',
            {"country": country},
        )
