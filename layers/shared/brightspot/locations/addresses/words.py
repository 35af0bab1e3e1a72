"""Words of an address in plain capitals, and the canonical spelling of a street."""

import re
import unicodedata
from typing import Final

# Towards the USPS abbreviation, except where it is also a state's code: CT is Connecticut, NE is Nebraska.
_STREET_WORDS: Final = {
    "STREET": "ST", "AVENUE": "AVE", "AV": "AVE", "ROAD": "RD", "DRIVE": "DR", "LANE": "LN", "BOULEVARD": "BLVD",
    "HIGHWAY": "HWY", "PARKWAY": "PKWY", "PLACE": "PL", "TERRACE": "TER", "CIRCLE": "CIR", "TRAIL": "TRL",
    "SQUARE": "SQ", "EXPRESSWAY": "EXPY", "FREEWAY": "FWY", "TURNPIKE": "TPKE", "CT": "COURT", "SAINT": "ST",
    "SUITE": "STE", "APARTMENT": "APT", "BUILDING": "BLDG", "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
    "NE": "NORTHEAST", "NW": "NORTHWEST", "SE": "SOUTHEAST", "SW": "SOUTHWEST",
}  # fmt: skip
# Words that end a street's name and stand inside no city's name, so that a street without a number shows itself.
_STREET_ENDS: Final = frozenset(
    (
        "STREET",
        "AVENUE",
        "AVE",
        "ROAD",
        "RD",
        "DRIVE",
        "DR",
        "LANE",
        "LN",
        "BOULEVARD",
        "BLVD",
        "HIGHWAY",
        "HWY",
        "PARKWAY",
        "PKWY",
        "WAY",
        "COURT",
    )
)
_SUFFIXES: Final = _STREET_ENDS | frozenset(
    ("ST", "PL", "PLACE", "TER", "TERRACE", "CIR", "CIRCLE", "TRL", "TRAIL", "SQ", "SQUARE", "CT")
)


def plain(word: str) -> str:
    """Return `word` in capitals A-Z and digits: accents, dots and every other sign gone."""
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKD", word).upper())


def street_form(text: str) -> str:
    """Return the canonical spelling of a street line: capitals, usual short forms, no commas or dots."""
    spaced = re.sub(r"[^A-Z0-9#/ -]", " ", _unaccented(text).replace("'", "").replace(".", ""))
    words = [word.strip("-/") for word in spaced.split() if plain(word)]
    return " ".join(_STREET_WORDS.get(word, word) for word in words)


def has_digit(word: str) -> bool:
    return any("0" <= character <= "9" for character in word)


def is_street_suffix(word: str) -> bool:
    """Whether `word` is a word such as Street or Ave."""
    return plain(word) in _SUFFIXES


def looks_like_street(words: list[str]) -> bool:
    """Whether `words` hold a street: they have a digit, or a street's last word stands between others."""
    return any(map(has_digit, words)) or any(plain(word) in _STREET_ENDS for word in words[1:-1])


def _unaccented(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).upper()
    return "".join(character for character in decomposed if not unicodedata.combining(character))
