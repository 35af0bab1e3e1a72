"""What a receiver knows a message of ours by: HMAC-SHA256 over its time and its body (docs/alerts.md: an example)."""

import hmac
from typing import Final

TIMESTAMP: Final = "X-Brightspot-Timestamp"  # Unix seconds of this try
SIGNATURE: Final = "X-Brightspot-Signature"
DELIVERY: Final = "X-Brightspot-Delivery"  # the same for every try of one message
EVENT: Final = "X-Brightspot-Event"
_VERSION: Final = "v1="


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256 (RFC 2104) of `<timestamp>.<body>` in hexadecimal."""
    return _VERSION + hmac.digest(secret, b"%d." % timestamp + body, "sha256").hex()


def is_signed(secret: bytes, timestamp: int, body: bytes, sent: str, *, now: float, seconds: float = 300) -> bool:
    """Whether `sent` is the signature of a message that is not older (or newer) than `seconds`."""
    return abs(now - timestamp) <= seconds and hmac.compare_digest(signature(secret, timestamp, body), sent)
