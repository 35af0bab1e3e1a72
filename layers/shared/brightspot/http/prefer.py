"""The `Prefer` header (RFC 7240): how long a client would wait, and whether it would rather not."""

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
# A preference, its value, and parameters of its own, which none of ours has.
_PREFERENCE: Final = re.compile(
    rf"\s*({_NAME})(?:\s*=\s*({_NAME}|{_QUOTED}))?(?:\s*;\s*(?:{_NAME}(?:\s*=\s*(?:{_NAME}|{_QUOTED}))?)?)*\s*"
)
_PARTS: Final = re.compile(rf"(?:[^,\"]|{_QUOTED})+")
_LONGEST: Final = 500
_SECONDS: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Wait:
    """How long an answer is waited for, in seconds; `wanted` and `respond_async` are what the client asked for."""

    seconds: float
    wanted: int | None
    respond_async: bool

    def applied(self, *, at_once: bool) -> str | None:
        """The `Preference-Applied` of an answer, which came `at_once` when it came without the result."""
        told = []
        if self.respond_async and at_once:
            told.append("respond-async")
        if self.wanted is not None:
            told.append(f"wait={self.seconds:g}")
        return ", ".join(told) or None


def wait_of(field: str | None, most_seconds: int) -> Wait:
    """The wait that a `Prefer` header asks for, at most and by default `most_seconds`; None where none was sent.

    `respond-async` alone means no wait; with `wait=N`, an answer without the result after N seconds. What cannot be
    read is ignored, as are all but the first of preferences of one name.
    """
    given = preferences(field or "")
    text = given.get("wait")
    wanted = int(text) if text is not None and _SECONDS.fullmatch(text) else None
    respond_async = "respond-async" in given
    usual = 0 if respond_async else most_seconds
    return Wait(min(usual if wanted is None else wanted, most_seconds), wanted, respond_async)


def preferences(field: str) -> dict[str, str]:
    """Each preference by its name in lower case, with its value; an empty one when it has none.

    Headers of one name arrive as one, with commas between.
    """
    found: dict[str, str] = {}
    for part in _PARTS.findall(field[:_LONGEST]):
        preference = _PREFERENCE.fullmatch(part)
        if preference is not None:
            found.setdefault(preference[1].lower(), _unquoted(preference[2] or ""))
    return found


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
