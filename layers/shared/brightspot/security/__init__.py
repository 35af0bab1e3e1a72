"""Who is calling, and what that caller may do: access tokens, their public keys, and the one matrix of permissions."""

from brightspot.security.caller import ANONYMOUS, PERMISSIONS, SHARED_TENANT, Caller, Permission
from brightspot.security.errors import AccessRefused, AuthenticationRequired, Forbidden, Reason, TokenRefused
from brightspot.security.guard import Guard, Sight, bearer_token, new_guard
from brightspot.security.issuing import SigningKey, secret_signing_key, signed_token, signing_key
from brightspot.security.keys import Keys, KeySettings, VerifyingKey, configured_keys, public_key_set
from brightspot.security.permissions import NEEDS, AccessSettings, Need, authorize
from brightspot.security.revocation import ask_revoked, is_revoked, mark_revoked
from brightspot.security.strict import from_base64url, to_base64url
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
    "Keys",
    "Need",
    "Permission",
    "Reason",
    "Sight",
    "SigningKey",
    "TokenRefused",
    "TokenSettings",
    "TokenVerifier",
    "VerifyingKey",
    "ask_revoked",
    "authorize",
    "bearer_token",
    "configured_keys",
    "from_base64url",
    "is_revoked",
    "mark_revoked",
    "new_guard",
    "public_key_set",
    "secret_signing_key",
    "signed_token",
    "signing_key",
    "to_base64url",
]
