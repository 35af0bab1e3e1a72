"""API keys: how one looks, and who its holder is, by the table or as this process remembers for five minutes.

A key is `bs_`, its id and a secret, of which a hash is kept. Only the table says that a key is good: whoever can write
to Valkey makes none.
"""

import hashlib
import hmac
import logging
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from brightspot.core.clock import Clock
from brightspot.security.caller import Caller, Permission
from brightspot.security.errors import KeyRefused
from brightspot.security.strict import from_base64url, to_base64url

HELD_SECONDS: Final = 300.0
_NOTED_AGAIN_SECONDS: Final = 60.0  # how exact `last_used_at` is
_MOST_HELD: Final = 256
_SECRET_BYTES: Final = 32
_PREFIX: Final = "bs_"
_KEY: Final = re.compile(_PREFIX + r"([0-7][0-9A-HJKMNP-TV-Z]{25})([A-Za-z0-9_-]{43})", re.ASCII)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ShownKey:
    """One key as somebody shows it, taken apart."""

    id: str
    secret: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The key as its holder has it."""
        return f"{_PREFIX}{self.id}{to_base64url(self.secret)}"

    @property
    def digest(self) -> str:
        """What is kept of the secret: it is random, so that a plain hash will do."""
        return hashlib.sha256(b"api key" + self.secret).hexdigest()

    def opens(self, digest: str) -> bool:
        """Whether this is the key whose digest is kept."""
        return hmac.compare_digest(digest, self.digest)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What is kept of a key: whose it is, and what it may do until when (Unix seconds)."""

    id: str
    account: str
    tenant: str
    digest: str = field(repr=False)
    scopes: tuple[Permission, ...]
    expires_at: float

    def caller(self) -> Caller:
        """Whom it stands for. Ending the key ends it as an ended session ends its tokens."""
        return Caller(self.account, frozenset(self.scopes), self.tenant, self.id, self.id, self.id)


def new_key(key_id: str) -> ShownKey:
    """A key with a new secret."""
    return ShownKey(key_id, secrets.token_bytes(_SECRET_BYTES))


def read_key(text: str) -> ShownKey:
    """The key that `text` is; it has one spelling. Raises KeyRefused for any other text."""
    found = _KEY.fullmatch(text)
    if found is None:
        raise KeyRefused(made_up=True)
    try:
        return ShownKey(found[1], from_base64url(found[2]))
    except ValueError:
        raise KeyRefused(made_up=True) from None


def key_sent(authorization: str | None, api_key: str | None) -> str | None:
    """The API key that came as `X-Api-Key` or as bearer; None when none came. No access token begins like one."""
    if api_key is not None:
        return api_key
    scheme, _, token = (authorization or "").partition(" ")
    return token if scheme.lower() == "bearer" and token.startswith(_PREFIX) else None


@dataclass(slots=True)
class _Held:
    known: KnownKey
    until: float
    noted: float = 0.0


class ApiKeys:
    """Who holds which key. Safe to share between threads.

    `find` asks the table for a key by its id, as of now, and may raise KeyUnchecked. Times are of the wall clock: a
    monotonic one may stand still while an execution environment is frozen.
    """

    def __init__(self, find: Callable[[str], KnownKey | None], clock: Clock) -> None:
        self._find = find
        self._clock = clock
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()

    def held(self, shown: ShownKey) -> Caller | None:
        """The holder as the table said within five minutes; None when it must be asked.

        Whether the key has been ended since, another must say. Raises KeyRefused.
        """
        now = self._clock.now().timestamp()
        with self._lock:
            held = self._held.get(shown.id)
            if held is None or now >= held.until:
                self._held.pop(shown.id, None)
                return None
        return self._holder(shown, held.known, now)

    def found(self, shown: ShownKey) -> Caller:
        """The holder as the table says now. Raises KeyRefused, and KeyUnchecked when it cannot be asked."""
        known, now = self._find(shown.id), self._clock.now().timestamp()
        caller = self._holder(shown, known, now)
        with self._lock:
            before = self._held.pop(shown.id, None)
            if known is not None:
                self._held[shown.id] = _Held(known, now + HELD_SECONDS, 0.0 if before is None else before.noted)
            if len(self._held) > _MOST_HELD:
                del self._held[next(iter(self._held))]  # the one that was asked for longest ago
        return caller

    def to_note(self, key_id: str) -> int | None:
        """The Unix second to note as when a held key was used; None when that was noted within this minute."""
        now = self._clock.now().timestamp()
        with self._lock:
            held = self._held.get(key_id)
            if held is None or now - held.noted < _NOTED_AGAIN_SECONDS:
                return None
            held.noted = now
        return int(now)

    @staticmethod
    def _holder(shown: ShownKey, known: KnownKey | None, now: float) -> Caller:
        if known is None or not shown.opens(known.digest) or now >= known.expires_at:
            _log.warning("api_key_refused", extra={"key": shown.id})
            raise KeyRefused(made_up=known is not None and not shown.opens(known.digest))
        return known.caller()
