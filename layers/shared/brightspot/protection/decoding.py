"""What a text says once its encodings are taken off: percent, HTML entities, escapes; one layer, and two."""

import re
import unicodedata
from html import unescape
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable

_LAYERS: Final = 2
_ESCAPE: Final = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6}+)\}|x([0-9a-fA-F]{2})|([nrtbf0\"'/\\]))|%u([0-9a-fA-F]{4})"
)
_SHORT: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "0": "\0"}
_UNSEEN: Final = dict.fromkeys(map(ord, "\0\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_COMMENT: Final = re.compile(r"/\*[^*]{0,64}+\*/")
_SPACES: Final = re.compile(r"\s++")
_MOST_CODE: Final = 0x10FFFF


class Reading(NamedTuple):
    """One layer of a text in lower case: with its line ends, with single spaces, and with none."""

    lines: str
    spaced: str
    compact: str


def layers(text: str) -> list[str]:
    """The text, and what it says after one and two rounds of decoding, each once.

    A round takes off the outermost layer at every place, whichever of the encodings it is.
    """
    found = [text]
    for _ in range(_LAYERS):
        decoded = _once(found[-1])
        if decoded == found[-1]:
            break
        found.append(decoded)
    return found


def unescaped(text: str) -> str:
    """Without JSON's escapes, and JavaScript's. Pairs of surrogates become the character that they stand for."""
    if "\\" not in text and "%u" not in text:
        return text
    replaced = _ESCAPE.sub(_character, text)
    return replaced.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def reading(text: str) -> Reading:
    """The text as signs are sought in it: compatibility forms folded (UAX #15, NFKC), unseen characters left out."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    lines = text.translate(_UNSEEN).lower()
    without = _COMMENT.sub(" ", lines) if "/*" in lines else lines
    spaced = _SPACES.sub(" ", without)
    return Reading(lines, spaced, spaced.replace(" ", ""))


def _once(text: str) -> str:
    steps: tuple[tuple[str, Callable[[str], str]], ...] = (("%", unquote), ("&", unescape), ("", unescaped))
    for mark, step in steps:
        if mark in text:
            text = step(text)
    return text


def _character(match: re.Match[str]) -> str:
    by_code = match[1] or match[2] or match[3] or match[5]
    if by_code is None:
        return _SHORT.get(match[4], match[4])
    code = int(by_code, 16)
    return chr(code) if code <= _MOST_CODE else "\ufffd"
