"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): tries with one key are one request."""

from typing import Final

from brightspot.core.errors import InputRefused

LONGEST_KEY: Final = 255
LEAST_OF_SECRETS: Final = 16  # of a key under which an answer with a secret in it is kept


def idempotency_key(text: str | None, least: int = 1) -> str | None:
    """The key in the header, which may stand in quotes; None when none was sent.

    Raises InputRefused for one that is shorter than `least`, longer than 255 characters, or has others than visible
    ASCII.
    """
    if text is None:
        return None
    key = text.strip().removeprefix('"').removesuffix('"')
    if not (least <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        advice = f"send {least} to {LONGEST_KEY} visible ASCII characters, new for each request, such as a UUID"
        raise InputRefused("Idempotency-Key", advice)
    return key
