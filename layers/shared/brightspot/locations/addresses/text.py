"""Turning what somebody typed or pasted into one clean line of text, or refusing it."""

import re
import unicodedata

from brightspot.locations.addresses.errors import refuse

LONGEST_ADDRESS = 300  # characters; the longest real US address is well under half of that
WHAT_TO_SEND = 'Send a US address such as "200 1st St SW, Rochester, MN 55905", "Rochester, MN 55901" or "55901".'

_LINE_BREAKS = re.compile("[\r\n\u2028\u2029]+")
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LETTER_JOINERS = re.compile(r"(?<=[^\W\d_])[.'&#]*[-/][-/.'&#]*(?=[^\W\d_])|(?<=[^\W\d_]{2})\.(?=[^\W\d_])")
_NUMBER_SIGNS = re.compile(r"\s*#[\s#]*(?:(?=([0-9]))|)")
_SIGNS = frozenset(",;|.'#&/")
_LIKE_ASCII = {"Pd": "-", "Cf": ""}  # any dash is a hyphen, invisible formatting is nothing
_PLAIN_SIGNS = str.maketrans("\u2018\u2019\u02bc\u00b4\u0060\u2044", "'''''/")  # apostrophes, fraction slash


def clean(text: str) -> str:
    """Return `text` on one line: NFKC, single spaces, tidy commas, plain apostrophes, no hyphen between letters.

    A "#" stands at the front of its number or goes. Line breaks become commas, tabs become spaces, invisible formatting
    (zero-width, soft hyphen) vanishes, and every sign that no address needs becomes a space.

    Raises AddressRefused for text that is blank, longer than 300 characters, or has control characters.
    """
    _check_length(text)
    _check_controls(text)
    line = _LINE_BREAKS.sub(", ", text).translate(_PLAIN_SIGNS)
    line = "".join(_plain(character) for character in unicodedata.normalize("NFKC", line))
    line = _NUMBER_SIGNS.sub(lambda sign: " #" if sign[1] else " ", _LETTER_JOINERS.sub(" ", line))
    line = re.sub(r"\s*[,;|]+[\s,;|]*", ", ", re.sub(r"\s+", " ", line))
    line = line.strip(" ,-/'&.").rstrip(" ,-/'&.#")
    if not any(character.isalnum() for character in line):
        refuse("empty", f"The address is empty. {WHAT_TO_SEND}")
    _check_length(line)
    return line


def _check_length(text: str) -> None:
    if len(text) > LONGEST_ADDRESS:
        refuse(
            "too_long",
            f"The address has {len(text):,} characters; an address has at most {LONGEST_ADDRESS}. {WHAT_TO_SEND}",
        )


def _check_controls(text: str) -> None:
    for position, character in enumerate(text, start=1):
        category = unicodedata.category(character)
        refused = category in {"Cc", "Cs", "Co"} and character not in "\r\n\t"
        if refused or character in _BIDI_CONTROLS:
            refuse(
                "control_character",
                f"Character {position} of the address is U+{ord(character):04X}, which no address contains. "
                f"Send the address as plain text.",
            )


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in _LIKE_ASCII:
        return _LIKE_ASCII[category]
    return character if category[0] in "LMN" or character in _SIGNS else " "
