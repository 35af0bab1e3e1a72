"""Who is calling, and what that caller may do: access tokens, their public keys, and the one matrix of permissions."""

from brightspot.security.api_keys import HELD_SECONDS, ApiKeys, KnownKey, ShownKey, key_sent, new_key, read_key
from brightspot.security.caller import ANONYMOUS, PERMISSIONS, SHARED_TENANT, Caller, Permission
from brightspot.security.errors import (
    AccessRefused,
    AuthenticationRequired,
    CredentialsAmbiguous,
    Forbidden,
    KeyRefused,
    KeyUnchecked,
    Reason,
    TokenRefused,
)
from brightspot.security.guard import Guard, Sight, bearer_token, new_guard
from brightspot.security.issuing import SigningKey, secret_signing_key, signed_token, signing_key
from brightspot.security.key_use import last_uses, note_used
from brightspot.security.keys import Keys, KeySettings, VerifyingKey, configured_keys, public_key_set
from brightspot.security.permissions import NEEDS, AccessSettings, Need, authorize
from brightspot.security.revocation import ask_revoked, mark_revoked, told_revoked
from brightspot.security.strict import from_base64url, to_base64url
from brightspot.security.tokens import TokenSettings, TokenVerifier

__all__ = [
    "ANONYMOUS",
    "HELD_SECONDS",
    "NEEDS",
    "PERMISSIONS",
    "SHARED_TENANT",
    "AccessRefused",
    "AccessSettings",
    "ApiKeys",
    "AuthenticationRequired",
    "Caller",
    "CredentialsAmbiguous",
    "Forbidden",
    "Guard",
    "KeyRefused",
    "KeySettings",
    "KeyUnchecked",
    "Keys",
    "KnownKey",
    "Need",
    "Permission",
    "Reason",
    "ShownKey",
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
    "key_sent",
    "last_uses",
    "mark_revoked",
    "new_guard",
    "new_key",
    "note_used",
    "public_key_set",
    "read_key",
    "secret_signing_key",
    "signed_token",
    "signing_key",
    "to_base64url",
    "told_revoked",
]
