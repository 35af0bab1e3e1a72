"""Who is calling, and what that caller may do: access tokens, their public keys, and the one matrix of permissions."""

from brightspot.security.caller import ANONYMOUS, PERMISSIONS, SHARED_TENANT, Caller, Permission
from brightspot.security.errors import AccessRefused, AuthenticationRequired, Forbidden, Reason, TokenRefused
from brightspot.security.guard import Guard, Sight, bearer_token, new_guard
from brightspot.security.keys import KeySettings, VerifyingKey, configured_keys
from brightspot.security.permissions import NEEDS, AccessSettings, Need, authorize
from brightspot.security.strict import to_base64url
from brightspot.security.tokens import TokenSettings, TokenVerifier

__all__ = [
    "ANONYMOUS",
    "NEEDS",
    "PERMISSIONS",
    "SHARED_TENANT",
    "AccessRefused",
    "AccessSettings",
    "AuthenticationRequired",
    "Caller",
    "Forbidden",
    "Guard",
    "KeySettings",
    "Need",
    "Permission",
    "Reason",
    "Sight",
    "TokenRefused",
    "TokenSettings",
    "TokenVerifier",
    "VerifyingKey",
    "authorize",
    "bearer_token",
    "configured_keys",
    "new_guard",
    "to_base64url",
]
