"""Passwords: kept as argon2id, by OWASP's figures or more; bcrypt hashes of before are taken and replaced.

Source: OWASP Password Storage Cheat Sheet (argon2id with m=19456 KiB, t=2, p=1 at least); RFC 9106 for the encoding.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from brightspot.core.errors import InputRefused
from brightspot.core.settings import setting
from brightspot.core.snapshots import load_before_snapshot

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_MOST_CHARACTERS: Final = 256
_BCRYPT: Final = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
_BCRYPT_BYTES: Final = 72  # all that bcrypt looks at, and all that those who made such hashes gave it

load_before_snapshot("cryptography.hazmat.primitives.kdf.argon2")


@dataclass(frozen=True, slots=True)
class PasswordSettings:
    """What a hash costs, and how short a password may be."""

    memory_kib: int = setting("ARGON2_MEMORY_KIB", 19_456, "KiB of memory a hash takes", least=19_456, most=1_048_576)
    iterations: int = setting("ARGON2_ITERATIONS", 2, "passes over that memory", least=2, most=16)
    lanes: int = setting("ARGON2_LANES", 1, "lanes of that memory", least=1, most=4)
    bcrypt_rounds: int = setting(
        "BCRYPT_ROUNDS",
        14,
        "rounds (as a power of 2) of bcrypt hashes that are still taken, at most; none are made",
        least=10,
        most=14,  # one more takes as long as all before
    )
    least_characters: int = setting("PASSWORD_MIN_CHARACTERS", 12, "characters of a new password", least=8, most=64)


class Checked(NamedTuple):
    """Whether a password is the one, and whether its hash is to be made anew."""

    matches: bool
    outdated: bool


class Passwords:
    """Makes and checks hashes. `cryptography` has argon2id and is shipped anyway; bcrypt loads when it is needed."""

    def __init__(self, settings: PasswordSettings) -> None:
        self._settings = settings

    def check_new(self, password: str, email: str) -> None:
        """Raises InputRefused, saying what to send, for a password that may not be a new one."""
        least = self._settings.least_characters
        if not least <= len(password) <= _MOST_CHARACTERS:
            raise InputRefused("password", f"send {least} to {_MOST_CHARACTERS} characters of any kind")
        if password.casefold().strip() in {email, email.partition("@")[0]}:
            raise InputRefused("password", "send one that is not the email")
        if len(set(password)) < 4:  # noqa: PLR2004  # aaaaaaaaaaaa, 121212121212
            raise InputRefused("password", "send one of at least 4 different characters")

    def hashed(self, password: str) -> str:
        """The hash to keep, with its salt and figures. All of the password counts, however long it is."""
        return self._argon2(secrets.token_bytes(_SALT_BYTES)).derive_phc_encoded(_bytes(password))

    def check(self, password: str, kept: str | None) -> Checked:
        """Whether `password` is the one that `kept` was made of.

        None stands for nobody's, and takes as long as a wrong one: whoever measures learns no addresses.
        """
        if len(password) > _MOST_CHARACTERS:
            password, kept = "", None  # nobody has such a one
        if kept is not None and (bcrypt := _BCRYPT.fullmatch(kept)) is not None:
            return Checked(int(bcrypt[1]) <= self._settings.bcrypt_rounds and _is_bcrypt(password, kept), outdated=True)
        matches = _is_argon2(password, kept or self._nobodys)
        return Checked(matches and kept is not None, outdated=kept is not None and not kept.startswith(self._figures))

    def derived(self, text: str, salt: bytes) -> bytes:
        """32 bytes of a text that has a password in it, at the cost of a hash."""
        return self._argon2(salt).derive(_bytes(text))

    @property
    def _figures(self) -> str:
        at = self._settings
        return f"$argon2id$v=19$m={at.memory_kib},t={at.iterations},p={at.lanes}$"

    @cached_property
    def _nobodys(self) -> str:
        return self.hashed(secrets.token_urlsafe())

    def _argon2(self, salt: bytes) -> "Argon2id":
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415  # with the first password

        at = self._settings
        return Argon2id(
            salt=salt, length=_HASH_BYTES, iterations=at.iterations, lanes=at.lanes, memory_cost=at.memory_kib
        )


def _is_argon2(password: str, kept: str) -> bool:
    from cryptography.exceptions import InvalidKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415

    try:
        Argon2id.verify_phc_encoded(_bytes(password), kept)
    except InvalidKey:
        return False
    return True


def _is_bcrypt(password: str, kept: str) -> bool:
    import bcrypt  # noqa: PLC0415  # for the hashes that were brought along only

    return bcrypt.checkpw(password.encode(errors="surrogatepass")[:_BCRYPT_BYTES], kept.encode())


def _bytes(password: str) -> bytes:
    """One spelling of what looks the same on every keyboard (NIST SP 800-63B, section 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
