"""Identity as the environment describes it: tables where there are any, else memory."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from brightspot.core.clock import SystemClock
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot
from brightspot.identity.claims import DynamoClaims
from brightspot.identity.dynamo import DynamoAccounts, DynamoApiKeys, DynamoSessions
from brightspot.identity.login import Login
from brightspot.identity.machines import Machines
from brightspot.identity.model import KeySet
from brightspot.identity.once import Once
from brightspot.identity.passwords import Passwords, PasswordSettings
from brightspot.identity.seam import (
    Accounts,
    ApiKeys,
    MemoryAccounts,
    MemoryApiKeys,
    MemoryClaims,
    MemorySessions,
    Sessions,
)
from brightspot.identity.service import AccountService
from brightspot.identity.settings import IdentitySettings
from brightspot.identity.tokens import AccessTokens, SigningKeys
from brightspot.intrusion import Logins, shared_watch
from brightspot.security import (
    HELD_SECONDS,
    KeySettings,
    KnownKey,
    TokenSettings,
    configured_keys,
    last_uses,
    mark_revoked,
    public_key_set,
)
from brightspot.store import StoreSettings, read_secret
from brightspot.valkey import StoreUnavailable, shared_valkey

_A_REQUEST_SECONDS: Final = 60.0  # no request that asked the table before the key was ended goes on for longer
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Identity:
    """What the auth function asks."""

    accounts: AccountService
    login: Login
    machines: Machines


@lru_cache(maxsize=1)
def identity() -> Identity:
    """Opens no connection yet. Raises SettingsError."""
    clock, settings, store, tokens = SystemClock(), load(IdentitySettings), load(StoreSettings), load(TokenSettings)
    accounts, sessions, api_keys = _stores()
    keys = SigningKeys(settings, load(KeySettings), clock, lambda arn: read_secret(arn, store))
    # Tokens of a session are good for so long, and a key as long as a process remembers it.
    lasting = max(settings.access + tokens.leeway_seconds, HELD_SECONDS + _A_REQUEST_SECONDS)

    def revoke(session: str) -> None:
        if (valkey := shared_valkey()) is None:
            return
        try:
            mark_revoked(valkey, session, lasting)
        except StoreUnavailable as error:
            # Its access token ends by itself, within its few minutes; the session itself has ended.
            _log.warning("revocation_unmarked", extra={"session": session, "error": str(error)})

    passwords = Passwords(load(PasswordSettings))
    claims = DynamoClaims(store, clock) if store.table_prefix else MemoryClaims(clock)
    once = Once(claims, passwords.derived, clock)
    access = AccessTokens(keys, tokens, settings.access, clock)
    login = Login(accounts, sessions, tokens=access, settings=settings, clock=clock, revoke=revoke)
    machines = Machines(
        accounts,
        api_keys,
        tokens=access,
        clock=clock,
        revoke=revoke,
        uses=lambda keys: last_uses(shared_valkey(), keys),
        once=once,
    )
    service = AccountService(accounts, login, passwords, once, clock, logins=Logins(shared_watch()))
    return Identity(service, login, machines)


def known_key(key_id: str) -> KnownKey | None:
    """The API key of an id, as of now; None when there is none. Raises AwsUnavailable."""
    key = _stores()[2].read(key_id)
    if key is None or not key.tenant:
        return None  # a row that names no tenant could only be guessed whose it is
    return KnownKey(key.id, key.account, key.tenant, key.digest, key.scopes, key.expires_at)


def published_keys() -> KeySet:
    """The public keys that our tokens are checked with, as a JSON Web Key Set."""
    return KeySet(public_key_set(configured_keys(load(KeySettings)))["keys"])


@before_snapshot
def _prepare() -> None:
    if (tables := _tables()) is not None:
        for each in tables:
            each.prepare()


@lru_cache(maxsize=1)
def _stores() -> tuple[Accounts, Sessions, ApiKeys]:
    return _tables() or (MemoryAccounts(), MemorySessions(), MemoryApiKeys())


@lru_cache(maxsize=1)
def _tables() -> tuple[DynamoAccounts, DynamoSessions, DynamoApiKeys] | None:
    store = load(StoreSettings)
    if not store.table_prefix:
        return None
    clock = SystemClock()
    return DynamoAccounts(store), DynamoSessions(store, clock), DynamoApiKeys(store, clock)
