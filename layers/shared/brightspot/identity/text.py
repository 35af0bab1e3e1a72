"""Times and names as they are shown."""

from datetime import UTC, datetime
from typing import Final

_MOST_CLIENT: Final = 200


def rfc3339(seconds: float) -> str:
    """Unix seconds as RFC 3339 in UTC, to the second."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def client_name(user_agent: str | None) -> str:
    """A User-Agent that may be kept and shown: printable ASCII, 200 characters at most."""
    kept = "".join(each for each in user_agent or "" if " " <= each <= "~")
    return kept[:_MOST_CLIENT] or "unknown"
