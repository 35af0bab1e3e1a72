"""E-mail addresses: which are taken, and which two are the same."""

import re
from typing import Final

from brightspot.core.errors import InputRefused

_MOST: Final = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
_MOST_LOCAL: Final = 64  # section 4.5.3.1.1
_LOCAL: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL: Final = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)+{_LABEL}")


def normalised(email: str) -> str:
    """The one spelling of an address: without spaces round it, in lower case.

    Every mail service of today takes both cases for the same in either half. Dots and +tags stay: what they mean
    differs by service. Addresses beyond ASCII are refused, since two that look alike could be two accounts.

    Raises InputRefused.
    """
    text = email.strip()
    if len(text) > _MOST or text.find("@") > _MOST_LOCAL or _EMAIL.fullmatch(text) is None:
        raise InputRefused("email", f"send an address as in ada@example.org, in ASCII, of at most {_MOST} characters")
    return text.lower()
