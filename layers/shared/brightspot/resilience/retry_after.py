"""The Retry-After header of HTTP (RFC 9110, section 10.2.3): seconds, or a date."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import ceil

_MOST_DIGITS = 9


def retry_after_seconds(header: str | None, now: datetime) -> float:
    """Seconds to wait from `now` (aware); 0 for a header that is absent, in the past or cannot be read."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:_MOST_DIGITS])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    if at.tzinfo is None:  # "-0000": UTC, but the writer does not say where it was
        at = at.replace(tzinfo=UTC)
    return float(max(0, ceil((at - now).total_seconds())))
