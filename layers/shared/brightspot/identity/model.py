"""What is known of an account and of one of its sessions, and what of them is told."""

from typing import Literal

import msgspec

from brightspot.security import Permission


class Account(msgspec.Struct, frozen=True):
    """Somebody who may log in. `email` is in its one spelling, `password` a hash, times are Unix seconds."""

    id: str
    email: str
    password: str
    scopes: tuple[Permission, ...]
    tenant: str
    created_at: float

    def __repr__(self) -> str:
        return f"Account({self.id})"


class Session(msgspec.Struct, frozen=True):
    """One login and all refreshes that come of it: its family of refresh tokens.

    `family`, `current` and `previous` are hashes (hex) of what the tokens hold; with `nonce` the successor of the
    previous token can be made again out of that token, and out of nothing else.
    """

    id: str
    account: str
    family: str
    current: str
    created_at: float
    last_used_at: float
    expires_at: int
    client: str
    previous: str | None = None
    nonce: str | None = None
    rotated_at: float | None = None
    ended_at: float | None = None

    def __repr__(self) -> str:
        return f"Session({self.id})"

    def is_open(self, now: float) -> bool:
        return self.ended_at is None and now < self.expires_at


class ApiKey(msgspec.Struct, frozen=True):
    """A key of an account's for a machine. `digest` is a hash (hex) of its secret, times are Unix seconds."""

    id: str
    account: str
    tenant: str
    name: str
    digest: str
    scopes: tuple[Permission, ...]
    created_at: float
    expires_at: int
    last_used_at: float | None = None

    def __repr__(self) -> str:
        return f"ApiKey({self.id})"


class Claim(msgspec.Struct, frozen=True):
    """An idempotency key (hashed, with whose it is) that was taken at `claimed_at`, in Unix seconds.

    `stands_for` is the id that is to be given to what is made under it, `salt` (hex) the one of the seal of `answer`.
    """

    key: str
    stands_for: str
    salt: str
    claimed_at: float
    answer: bytes | None = None


class AccountView(msgspec.Struct, frozen=True):
    """An account as its holder sees it. Times are RFC 3339."""

    id: str
    email: str
    scopes: tuple[Permission, ...]
    tenant: str
    created_at: str


class Tokens(msgspec.Struct, frozen=True):
    """What a login gives: an access token for every request, and a refresh token for the next pair, once."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str
    refresh_expires_in: int
    scope: str
    session: str


class SessionView(msgspec.Struct, frozen=True):
    """One login that is still open; `client` is the User-Agent that it was made with, `current` this one."""

    id: str
    created_at: str
    last_used_at: str
    expires_at: str
    client: str
    current: bool


class SessionList(msgspec.Struct, frozen=True):
    """The open sessions of an account, newest first."""

    sessions: list[SessionView]


class NewKey(msgspec.Struct, frozen=True):
    """A new API key. `key` is shown this once: only a hash of it is kept."""

    key: str
    id: str
    expires_at: str
    scopes: tuple[Permission, ...]


class KeyView(msgspec.Struct, frozen=True):
    """An API key as its account's holder sees it; `last_used_at` is null for one that was never used."""

    id: str
    name: str
    scopes: tuple[Permission, ...]
    created_at: str
    expires_at: str
    last_used_at: str | None


class KeyList(msgspec.Struct, frozen=True):
    """The API keys of an account that have neither ended nor expired, newest first."""

    keys: list[KeyView]


class KeysEnded(msgspec.Struct, frozen=True):
    """How many keys were ended."""

    ended: int


class AccessToken(msgspec.Struct, frozen=True):
    """What an API key is changed for: an access token, which ends with the key."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


class KeySet(msgspec.Struct, frozen=True):
    """Public keys as a JSON Web Key Set: each with `kty`, `crv`, `x` (and `y`), `kid`, `alg` and `use`."""

    keys: list[dict[str, str]]


class SessionsEnded(msgspec.Struct, frozen=True):
    """How many sessions were ended."""

    ended: int
