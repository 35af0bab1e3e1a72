"""Refresh tokens: opaque, used once, each the successor of the one before; and what one that is shown means.

A token is `bsr_`, the session's id, a tag that all tokens of the session share, and a secret. Kept are hashes. The
successor's secret is an HMAC of the shown one under a nonce that is made for it and kept: a client that asks twice is
given the same successor, whoever stole an old token cannot make the next ones, and neither can a reader of the table.
The tag tells an old token of ours from a guess: a guess ends nobody's session.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final, Literal

from brightspot.identity.errors import SessionRefused
from brightspot.identity.model import Session
from brightspot.security import from_base64url, to_base64url

Verdict = Literal["rotate", "same", "reused", "refused"]

_TAG_BYTES: Final = 16
_SECRET_BYTES: Final = 32
_TOKEN: Final = re.compile(r"bsr_([0-7][0-9A-HJKMNP-TV-Z]{25})([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """One token, taken apart."""

    session: str
    tag: bytes = field(repr=False)
    secret: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The token as clients hold it."""
        return f"bsr_{self.session}{to_base64url(self.tag)}{to_base64url(self.secret)}"

    @property
    def family(self) -> str:
        """What is kept of the tag."""
        return hashlib.sha256(b"family" + self.tag).hexdigest()

    @property
    def digest(self) -> str:
        """What is kept of the secret: it is random, so that a plain hash will do."""
        return hashlib.sha256(b"secret" + self.secret).hexdigest()

    def successor(self, nonce: str) -> "RefreshToken":
        """The token after this one, under a nonce."""
        made = hmac.digest(bytes.fromhex(nonce), b"successor" + self.secret, "sha256")
        return RefreshToken(self.session, self.tag, made)


def first_token(session: str) -> RefreshToken:
    """The first token of a session."""
    return RefreshToken(session, secrets.token_bytes(_TAG_BYTES), secrets.token_bytes(_SECRET_BYTES))


def new_nonce() -> str:
    return secrets.token_hex(_SECRET_BYTES)


def read_token(text: str) -> RefreshToken:
    """The token that `text` is; it has one spelling. Raises SessionRefused for any other text."""
    found = _TOKEN.fullmatch(text)
    if found is None:
        raise SessionRefused
    try:
        return RefreshToken(found[1], from_base64url(found[2]), from_base64url(found[3]))
    except ValueError:
        raise SessionRefused from None


def judge(session: Session | None, shown: RefreshToken, now: float, grace_seconds: float) -> Verdict:
    """What a shown token means.

    `rotate`: it is the current one. `same`: it was, `grace_seconds` ago at most, and its successor has not been used.
    `reused`: it was before, so somebody else has it. `refused`: its session has ended, or it never was one of ours.
    """
    if session is None or not session.is_open(now) or not hmac.compare_digest(session.family, shown.family):
        return "refused"
    if hmac.compare_digest(session.current, shown.digest):
        return "rotate"
    was_last = session.previous is not None and hmac.compare_digest(session.previous, shown.digest)
    if was_last and session.rotated_at is not None and now - session.rotated_at <= grace_seconds:
        return "same"
    return "reused"
