"""What a published value means: a number, or None when nobody knows."""

from collections.abc import Iterable
from math import isnan
from typing import Final

type Number = float | None
type Values = dict[str, Number]

_CENSUS_ANNOTATIONS: Final = frozenset(-111_111_111 * digit for digit in range(1, 10))
_UNKNOWN_WORDS: Final = frozenset({"", "-", "*", "**", "***", "#", "N", "(X)", "NA", "nan", "null"})


def known(raw: object) -> Number:
    """The number that a source published, or None for every way of saying that there is none.

    That is: nothing, NaN, a dash or mark of suppression, and the Census Bureau's annotation values -111111111,
    -222222222 ... -999999999 ("Notes on ACS Estimate and Annotation Values"). Other large negative numbers are
    numbers: a county's wages do fall by hundreds of millions.
    """
    if raw is None or isinstance(raw, bool):
        return None
    if isinstance(raw, str):
        text = raw.strip().replace(",", "")
        return None if text in _UNKNOWN_WORDS else known(float(text))
    if not isinstance(raw, int | float):
        raise TypeError(f"a source value is a number or text, not {type(raw).__name__}: {raw!r}")
    return None if isnan(raw) or raw in _CENSUS_ANNOTATIONS else float(raw)


def stored(value: Number, decimals: int) -> int | None:
    """The integer that the file holds: round(value x 10^decimals), halves to even."""
    return None if value is None else round(value * 10**decimals)


def times(left: Number, right: Number) -> Number:
    return None if left is None or right is None else left * right


def ratio(part: Number, whole: Number, scale: float = 1.0) -> Number:
    """Part / whole, times `scale`; None when either is unknown or the whole is not positive."""
    return None if part is None or whole is None or whole <= 0 else scale * part / whole


def growth(now: Number, before: Number) -> Number:
    """Change in percent; None when either is unknown or the base is not positive."""
    change = ratio(now, before, 100.0)
    return None if change is None else change - 100.0


def total(parts: Iterable[Number]) -> Number:
    """The sum, None when there is no part or any part is unknown: half a sum would be an invented value."""
    numbers = list(parts)
    return sum(number for number in numbers if number is not None) if numbers and None not in numbers else None
