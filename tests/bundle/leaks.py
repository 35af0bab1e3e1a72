"""Finds what looks like a secret: private keys, access keys of AWS, tokens, keys of ours, passwords in URLs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

_SHAPES: Final = {
    "private key": rb"-----BEGIN (?:[A-Z0-9]{1,10} ){0,2}PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/=]{40}",
    "AWS access key": rb"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b(?<!EXAMPLE)",
    "AWS secret key": rb"(?i:secret_?access_?key)\W{1,6}[A-Za-z0-9+/]{40}\b(?<!EXAMPLEKEY)",
    "JSON Web Token": rb"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}",
    "API key or refresh token": rb"\bbsr?_[0-7][0-9A-HJKMNP-TV-Z]{25}[A-Za-z0-9_-]{43}",
    "token of GitHub": rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})",
    "password in a URL": rb"\b[a-z]{3,10}://[\w.%-]+:(?!password@)[\w.%~+-]{6,}@[\w-]",
}
_PATTERNS: Final = {name: re.compile(shape) for name, shape in _SHAPES.items()}
_LONGEST_RUN: Final = 16


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one file may hold, and why."""

    file: str
    kind: str
    reason: str


def leaks(data: bytes) -> Iterator[tuple[str, str]]:
    """What kind each is, and how it begins. One that is mostly one letter is a sample that nobody took for real."""
    for kind, pattern in _PATTERNS.items():
        for found in pattern.finditer(data):
            if max(len([*run]) for _, run in groupby(found[0])) < _LONGEST_RUN:
                yield kind, found[0][:24].decode("ascii", "replace")
