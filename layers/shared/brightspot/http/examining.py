"""Looks at a request's inputs: how deep and long its JSON is, and whether anything in it looks like an attack."""

import logging
from collections.abc import Sequence
from typing import Final, NamedTuple

from brightspot.core.errors import SettingsError
from brightspot.http.asgi import Scope
from brightspot.http.gate import Asked, Passage
from brightspot.http.problems import Problem
from brightspot.protection import Part, ProtectionSettings, Structure, Verdict, examine, is_plain
from brightspot.telemetry import SUSPICIOUS_INPUTS, count

# Fields that we or those behind us read, log or send on; what browsers say of themselves is looked at there too.
_FIELDS: Final = (
    b"user-agent", b"referer", b"origin", b"host", b"x-forwarded-for", b"x-forwarded-host", b"prefer",
    b"idempotency-key", b"cookie", b"accept-language",
)  # fmt: skip
_TOO_MANY: Final = 429
Fields = Sequence[tuple[bytes, bytes]]
_log = logging.getLogger(__name__)


class Suspicion(NamedTuple):
    """What a request's inputs score, and why it is refused for that, if so."""

    score: int = 0
    problem: Problem | None = None


_NONE: Final = Suspicion()


class Examining:
    """One per function. Raises SettingsError for limits of which one could never be reached."""

    def __init__(self, settings: ProtectionSettings) -> None:
        if settings.elements <= settings.depth:
            raise SettingsError(f"JSON_MAX_ELEMENTS={settings.elements}: send more than JSON_MAX_DEPTH")
        self._settings = settings
        self._structure = Structure(settings)

    def structure(self, body: bytes) -> Problem | None:
        """Why a JSON body is not parsed at all, if so."""
        if b"\0" in body:  # also what other encodings than UTF-8 (RFC 8259 §8.1) are known by
            return Problem(400, "Malformed JSON", "send JSON in UTF-8, without NUL")
        if (excess := self._structure.excess(body)) is not None:
            return Problem(413, "Structure too large", excess)
        return None

    def inputs(self, scope: Scope, headers: dict[bytes, bytes], asked: Asked, passage: Passage) -> Suspicion:
        """Record what looks like an attack; a refusal where that is set.

        What comes too often is not looked at, so that a flood does not cost more than its limit.
        """
        refused = passage.problem
        if not self._settings.enabled or (refused is not None and refused.status == _TOO_MANY):
            return _NONE
        told = [(name, headers[name]) for name in _FIELDS if name in headers]
        if _is_plain(scope, told, asked.body):
            return _NONE
        verdict = examine(_parts(scope, told, asked.body))
        if not verdict.findings:
            return _NONE
        blocked = self._settings.block and verdict.score >= self._settings.threshold
        _record(verdict, asked, passage, blocked=blocked)
        return Suspicion(verdict.score, _problem(verdict) if blocked else None)


def _is_plain(scope: Scope, told: Fields, body: bytes) -> bool:
    """Almost every request is, and leaves after four questions whose answers are mostly remembered."""
    return (
        is_plain(body, "body")
        and is_plain(scope["path"].encode("utf-8", "replace"), "text")
        and is_plain(scope["query_string"], "query")
        and is_plain(b" ".join([value for _, value in told]), "header")
    )


def _parts(scope: Scope, told: Fields, body: bytes) -> list[Part]:
    return [
        Part("body", "body", body),
        Part("path", "text", scope["path"].encode("utf-8", "replace")),
        Part("query", "query", scope["query_string"]),
        *(Part(name.decode(), "header", value) for name, value in told),
    ]


def _record(verdict: Verdict, asked: Asked, passage: Passage, *, blocked: bool) -> None:
    told = {
        "client": asked.client,
        "subject": passage.caller.subject,
        "method": asked.method,
        "score": verdict.score,
        "blocked": blocked,
        "categories": verdict.categories,
        "signs": sorted({f"{each.sign}@{each.where}" for each in verdict.findings}),
    }
    _log.warning("input_suspicious", extra=told)
    for category in verdict.categories:
        count(SUSPICIOUS_INPUTS, category=category, outcome="blocked" if blocked else "recorded")


def _problem(verdict: Verdict) -> Problem:
    found = sorted({(each.where, each.category) for each in verdict.findings})
    errors = [{"field": where, "message": f"looks like {category}"} for where, category in found]
    detail = "; ".join(f"{each['field']}: {each['message']}" for each in errors)
    return Problem(400, "Suspicious input", f"{detail}; send it without markup or code", errors=errors)
