"""How deep and how long a JSON body is, told from its bytes before anything parses it."""

import re
from typing import Final

from brightspot.protection.settings import ProtectionSettings

# A string, also one that never ends: as every quote matches, none is tried twice. Compiled when first needed.
STRING: Final = rb'"((?:[^"\\]++|\\.)*+)(?:"[ \t\r\n]*+(:)?)?'
_MARKS: Final = rb"[\[\]{},]"
_OPENING: Final = b"[{"
_CLOSING: Final = b"]}"


class Structure:
    """The bounds of JSON bodies. Most are judged by counting three bytes; the rest by one walk over their marks."""

    def __init__(self, settings: ProtectionSettings) -> None:
        self._depth = settings.depth
        self._items = settings.items
        self._elements = settings.elements

    def excess(self, body: bytes) -> str | None:
        """What is too large about a body, and what to send; None when nothing is.

        A body that is no JSON may get either answer, and is refused when it is parsed.
        """
        opened = body.count(b"[") + body.count(b"{")
        if opened <= self._depth and body.count(b",") < min(self._items, self._elements - self._depth):
            return None
        bare = re.sub(STRING, b"", body, flags=re.DOTALL)
        opened, commas = bare.count(b"[") + bare.count(b"{"), bare.count(b",")
        if opened + commas > self._elements:
            return f"send at most {self._elements} items and members in all"
        return self._walk(bare)

    def _walk(self, bare: bytes) -> str | None:
        """Over at most as many marks as there may be elements, twice."""
        items: list[int] = []
        for mark in re.findall(_MARKS, bare):
            if mark in _OPENING:
                items.append(1)
                if len(items) > self._depth:
                    return f"send JSON that is at most {self._depth} levels deep"
            elif not items:
                return None  # no JSON
            elif mark in _CLOSING:
                items.pop()
            else:
                items[-1] += 1
                if items[-1] > self._items:
                    return f"send at most {self._items} items in one array or object"
        return None
