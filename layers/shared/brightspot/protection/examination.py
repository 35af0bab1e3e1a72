"""What the inputs of one request score, and for which reasons."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from brightspot.core.snapshots import load_before_snapshot
from brightspot.protection.categories import Category
from brightspot.protection.plain import Kind, is_plain
from brightspot.protection.structure import STRING

load_before_snapshot("brightspot.protection.decoding", "brightspot.protection.signs")

_MEMBER: Final = re.compile(r"[a-z][a-z0-9_]{0,39}+")


class Part(msgspec.Struct, frozen=True):
    """One input: `name` says where it stood, `kind` how it is written."""

    name: str
    kind: Kind
    data: bytes


class Finding(msgspec.Struct, frozen=True):
    """One sign, and where it was. What was sent is not repeated."""

    where: str
    sign: str
    category: Category
    score: int


class Verdict(msgspec.Struct, frozen=True):
    """All that was found; each sign counts once."""

    findings: Sequence[Finding]

    @property
    def score(self) -> int:
        return sum({each.sign: each.score for each in self.findings}.values())

    @property
    def categories(self) -> list[Category]:
        return sorted({each.category for each in self.findings})


_NOTHING: Final = Verdict(())


def examine(parts: Iterable[Part]) -> Verdict:
    """Look at every part; a part that is plain costs a microsecond, and loads nothing."""
    findings: list[Finding] = []
    for part in parts:
        if part.data and not is_plain(part.data, part.kind):
            for where, text in _texts(part):
                findings += _found(where, text)
    return Verdict(findings) if findings else _NOTHING


def _texts(part: Part) -> Iterator[tuple[str, str]]:
    """The texts in it: the strings of JSON under the member that holds them, names and values of a query."""
    from brightspot.protection.decoding import unescaped  # noqa: PLC0415  # see the package

    if part.kind == "body":
        member = part.name
        for string, colon in re.findall(STRING, part.data, flags=re.DOTALL):
            text = unescaped(string.decode("utf-8", "replace"))
            yield member, text
            if colon:
                member = text if _MEMBER.fullmatch(text) else part.name
    elif part.kind == "query":
        for pair in part.data.decode("latin-1").replace("+", " ").split("&"):
            for text in pair.split("=", 1):
                yield part.name, text
    else:
        yield part.name, part.data.decode("utf-8", "replace")


def _found(where: str, text: str) -> list[Finding]:
    from brightspot.protection.decoding import layers, reading  # noqa: PLC0415
    from brightspot.protection.signs import SIGNS  # noqa: PLC0415

    found: dict[str, Finding] = {}
    for layer in layers(text):
        if is_plain(layer.encode("utf-8", "replace"), "text"):
            continue
        read = reading(layer)
        for sign in SIGNS:
            if sign.name not in found and sign.is_in(read):
                found[sign.name] = Finding(where, sign.name, sign.category, sign.score)
    return [*found.values()]
