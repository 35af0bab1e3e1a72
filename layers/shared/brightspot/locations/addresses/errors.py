"""The errors of address understanding, each saying what was understood and what to send.

AddressError
├── AddressRefused   the text cannot be read as a US address
└── AddressNotFound  it reads as one, but names no place we know
"""

from collections.abc import Mapping
from typing import NoReturn

from brightspot.core.errors import InputRefused

_LONGEST_ECHO = 80
_LONGEST_FIELD = 48


class AddressError(InputRefused):
    """An address that cannot be used.

    `reason` is a stable machine code, `detail` sentences for people, `understood` what was read from the text by name
    (`street`, `po_box`, `city`, `state`, `zip`, ...). None of them repeats more than 80 characters of the input.
    """

    def __init__(self, reason: str, detail: str, understood: Mapping[str, str | None] | None = None) -> None:
        read = {name: shortened(value, _LONGEST_FIELD) for name, value in (understood or {}).items() if value}
        super().__init__("address", detail, read)
        self.reason = reason


class AddressRefused(AddressError):
    """The text is not a US address that can be read."""

    title = "Address not understood"


class AddressNotFound(AddressError):
    """The text was read, but no place in the dataset answers to it."""

    title = "Address not found"


def shortened(text: str, longest: int = _LONGEST_ECHO) -> str:
    """Return `text`, cut with an ellipsis when it is longer than `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def refuse(reason: str, detail: str, understood: Mapping[str, str | None] | None = None) -> NoReturn:
    """Raise AddressRefused."""
    raise AddressRefused(reason, detail, understood)
