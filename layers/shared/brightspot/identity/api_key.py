"""An API key as a machine holds it: `bs_`, the key's id and a secret, of which a hash is kept."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from brightspot.identity.errors import KeyRefused
from brightspot.identity.model import ApiKey
from brightspot.security import from_base64url, to_base64url

_SECRET_BYTES: Final = 32
_KEY: Final = re.compile(r"bs_([0-7][0-9A-HJKMNP-TV-Z]{25})([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ShownKey:
    """One key, taken apart."""

    id: str
    secret: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The key as its holder has it."""
        return f"bs_{self.id}{to_base64url(self.secret)}"

    @property
    def digest(self) -> str:
        """What is kept of the secret: it is random, so that a plain hash will do."""
        return hashlib.sha256(b"api key" + self.secret).hexdigest()

    def opens(self, kept: ApiKey | None, now: float) -> bool:
        """Whether this is the key that is kept, and has not expired."""
        return kept is not None and hmac.compare_digest(kept.digest, self.digest) and now < kept.expires_at


def new_key(key_id: str) -> ShownKey:
    """A key with a new secret."""
    return ShownKey(key_id, secrets.token_bytes(_SECRET_BYTES))


def read_key(text: str) -> ShownKey:
    """The key that `text` is; it has one spelling. Raises KeyRefused for any other text."""
    found = _KEY.fullmatch(text)
    if found is None:
        raise KeyRefused
    try:
        return ShownKey(found[1], from_base64url(found[2]))
    except ValueError:
        raise KeyRefused from None
