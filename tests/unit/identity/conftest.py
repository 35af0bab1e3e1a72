"""An identity of this process: memory, hashes at the least cost that is allowed, tokens under a secret."""

import pytest

from brightspot.identity.login import Login
from brightspot.identity.machines import Machines
from brightspot.identity.once import Once
from brightspot.identity.passwords import Passwords, PasswordSettings
from brightspot.identity.seam import MemoryAccounts, MemoryApiKeys, MemoryClaims, MemorySessions
from brightspot.identity.service import AccountService
from brightspot.identity.settings import IdentitySettings
from brightspot.identity.tokens import AccessTokens, SigningKeys
from brightspot.security import KeySettings, TokenSettings, TokenVerifier, configured_keys

KEYS = KeySettings(secret="a secret of at least thirty-two bytes")


class World:
    def __init__(self, clock):
        self.clock = clock
        self.accounts, self.sessions, self.revoked = MemoryAccounts(), MemorySessions(), []
        settings = IdentitySettings()
        keys = SigningKeys(settings, KEYS, clock, lambda arn: b"")
        tokens = AccessTokens(keys, TokenSettings(), settings.access, clock)
        self.login = Login(
            self.accounts, self.sessions, tokens=tokens, settings=settings, clock=clock, revoke=self.revoked.append
        )
        self.keys = MemoryApiKeys()
        self.passwords = Passwords(PasswordSettings())
        self.claims = MemoryClaims(clock)
        once = Once(self.claims, self.passwords.derived, clock)
        self.uses = {}
        self.machines = Machines(
            self.accounts,
            self.keys,
            tokens=tokens,
            clock=clock,
            revoke=self.revoked.append,
            uses=lambda keys: {each: self.uses[each] for each in keys if each in self.uses},
            once=once,
        )
        self.service = AccountService(self.accounts, self.login, self.passwords, once, clock)

    def caller(self, tokens):
        keys = configured_keys(KEYS)
        return TokenVerifier(lambda: keys, TokenSettings(), self.clock).verify(tokens.access_token)


@pytest.fixture
def world(clock):
    return World(clock)
