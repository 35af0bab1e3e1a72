"""Names as they are shown."""

from typing import Final

_MOST_CLIENT: Final = 200


def client_name(user_agent: str | None) -> str:
    """A User-Agent that may be kept and shown: printable ASCII, 200 characters at most."""
    kept = "".join(each for each in user_agent or "" if " " <= each <= "~")
    return kept[:_MOST_CLIENT] or "unknown"
