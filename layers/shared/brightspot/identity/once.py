"""What is asked for again under one idempotency key is done once, and answered as the first time.

An answer holds secrets, so it is kept sealed (AES-256-GCM) under a key that argon2id makes of what only its sender has:
the idempotency key and, where there is one, the password. Whoever has another of them, or asks for something else,
cannot open it: the seal itself tells that the request is another. Nothing else of a password is kept.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

import msgspec

from brightspot.core import codec
from brightspot.core.clock import Clock
from brightspot.core.errors import Conflict, InputRefused
from brightspot.core.ids import new_id
from brightspot.identity.model import Claim
from brightspot.identity.seam import Claims
from brightspot.store import AwsUnavailable

_KEPT_SECONDS: Final = 86_400
_A_REQUEST_SECONDS: Final = 60.0  # after which whoever made the claim has ended, in whatever way
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_log = logging.getLogger(__name__)


class BeingDone(Conflict):
    """The first request with this key has not ended yet."""

    def __init__(self) -> None:
        super().__init__("a request with this Idempotency-Key is being worked on; send it again in a moment")


class KeyOfAnother(InputRefused):
    """The key was sent with something else before."""

    def __init__(self) -> None:
        super().__init__(
            "Idempotency-Key", "this key stands for another request; send a new key, or the same body as before"
        )


class Once:
    """Safe to share between threads. Raises AwsUnavailable before anything is done."""

    def __init__(self, claims: Claims, derived: Callable[[str, bytes], bytes], clock: Clock) -> None:
        """`derived` makes 32 bytes of a text and a salt, slowly."""
        self._claims = claims
        self._derived = derived
        self._clock = clock

    def do[T](
        self,
        whose: Sequence[str | None],
        secret: str,
        request: Sequence[object],
        make: Callable[[Claim], T],
        answer: type[T],
    ) -> T:
        """What `make` made the first time. `whose` has the idempotency key and who may use it.

        `make` is given the claim: the id that the new thing is to have, and whether who claimed it first has ended.
        Raises KeyOfAnother, BeingDone, and what `make` raises; nothing is kept of that.
        """
        now = self._clock.now()
        key = sha256(codec.dumps(list(whose))).hexdigest()
        fresh = Claim(key, new_id(now), secrets.token_hex(_SALT_BYTES), now.timestamp())
        held = self._claims.claim(fresh, int(now.timestamp()) + _KEPT_SECONDS)
        seal = _Seal(self._derived(secret, bytes.fromhex(held.salt)), codec.dumps([key, *request]))
        if held.answer is None:
            made = make(held)
            if (first := self._keep(key, seal.closed(codec.dumps(made)))) is None:
                return made
            held = msgspec.structs.replace(held, answer=first)
        return msgspec.json.decode(seal.opened(held.answer or b""), type=answer)

    def has_ended(self, claim: Claim) -> bool:
        """Whether whoever claimed it first can be working on it no more."""
        return self._clock.now().timestamp() - claim.claimed_at > _A_REQUEST_SECONDS

    def _keep(self, key: str, answer: bytes) -> bytes | None:
        """The answer that was kept before this one; None when this one is, or none can be."""
        try:
            return self._claims.answer(key, answer)
        except AwsUnavailable as error:
            _log.warning("idempotent_answer_unkept", extra={"error": str(error)})  # what was done is done
            return None


class _Seal:
    def __init__(self, key: bytes, request: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  # who sends a key pays

        self._cipher = AESGCM(key)
        self._request = request

    def closed(self, answer: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, answer, self._request)

    def opened(self, sealed: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._request)
        except InvalidTag:
            raise KeyOfAnother from None
