"""The caller of one request: who, of which tenant, with which permissions."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

Permission = Literal["read", "write", "admin"]

# Each one includes those before it.
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

# Whose data it is when a token names no tenant, or nobody sent one.
SHARED_TENANT = "shared"
_TENANT = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a verified token, or API key, stands for.

    `scopes` are the permissions as granted; ask `may`, which knows what they imply. `subject` and `token_id` are None
    for nobody in particular, and only then; `session` is the login that it comes of, None where it comes of none. `key`
    is the API key that came instead of a token.
    """

    subject: str | None
    scopes: frozenset[Permission] = frozenset()
    tenant: str = SHARED_TENANT
    token_id: str | None = None
    session: str | None = None
    key: str | None = None

    @property
    def level(self) -> Permission | None:
        """The highest permission: one word that says all of them, for a cache key as for a log line."""
        return next((each for each in reversed(PERMISSIONS) if each in self.scopes), None)

    def may(self, permission: Permission) -> bool:
        """Whether the caller has this permission; admin includes write, write includes read."""
        return self.level is not None and PERMISSIONS.index(self.level) >= PERMISSIONS.index(permission)


ANONYMOUS = Caller(None)


def is_tenant(name: str) -> bool:
    """Whether a tenant may be called so; such a name is safe in keys, logs and headers."""
    return _TENANT.fullmatch(name) is not None
