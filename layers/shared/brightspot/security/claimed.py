"""What a token claims before anybody has checked it: good for looking ahead, never for letting pass."""

from brightspot.security.caller import SHARED_TENANT, is_tenant
from brightspot.security.strict import from_base64url, json_object

_MOST_BYTES = 4096


def claimed_tenant(authorization: str | None) -> str:
    """The tenant that an Authorization header claims; the shared one when it claims none that can be read.

    The caller compares it with the verified one before anything found under it is used.
    """
    if authorization is None or len(authorization) > _MOST_BYTES:
        return SHARED_TENANT
    parts = authorization.split(".")
    if len(parts) != 3:  # noqa: PLR2004  # a compact JWS has three parts
        return SHARED_TENANT
    try:
        tenant = json_object(from_base64url(parts[1])).get("tenant", SHARED_TENANT)
    except ValueError:
        return SHARED_TENANT
    return tenant if isinstance(tenant, str) and is_tenant(tenant) else SHARED_TENANT
