"""A length of time as settings write it: a number and its unit, as in 15m."""

import re
from typing import Final, Self

_WRITTEN: Final = re.compile(r"(\d{1,9})(s|m|h|d)", re.ASCII)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class Duration(int):
    """Whole seconds, written 30s, 15m, 24h or 7d. A number alone is refused: some readers take it for milliseconds."""

    def __new__(cls, text: str) -> Self:
        written = _WRITTEN.fullmatch(text.lower())
        if written is None:
            raise ValueError(text)
        return super().__new__(cls, int(written[1]) * _SECONDS[written[2]])
