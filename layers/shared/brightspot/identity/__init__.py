"""Identity: accounts, passwords, sessions, and the tokens that they come with."""

from brightspot.core.codec import dumps as encode
from brightspot.core.ids import ID_PATTERN
from brightspot.identity.backend import Identity, identity, known_key, published_keys
from brightspot.identity.machines import MOST_DAYS
from brightspot.identity.model import (
    AccessToken,
    AccountView,
    KeyList,
    KeysEnded,
    KeySet,
    NewKey,
    SessionList,
    SessionsEnded,
    SessionView,
    Tokens,
)

__all__ = [
    "ID_PATTERN",
    "MOST_DAYS",
    "AccessToken",
    "AccountView",
    "Identity",
    "KeyList",
    "KeySet",
    "KeysEnded",
    "NewKey",
    "SessionList",
    "SessionView",
    "SessionsEnded",
    "Tokens",
    "encode",
    "identity",
    "known_key",
    "published_keys",
]
