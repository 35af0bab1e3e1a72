"""JSON in one spelling only, so that equal values are equal bytes (RFC 8785, without fractions)."""

import json
from typing import Any, Final

_MOST: Final = 2**53 - 1  # the largest whole number that every reader of JSON keeps exactly (RFC 7493 §2.2)


def canonical(value: Any) -> bytes:
    """UTF-8 bytes: members sorted by the UTF-16 units of their names, no spaces, the shortest escapes.

    Supported are objects with text for names, lists, text, whole numbers up to 2^53 - 1, booleans and null. Raises
    ValueError for anything else: RFC 8785 writes fractions as ECMAScript does, which nothing here needs.
    """
    try:
        return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("text with half a surrogate pair has no UTF-8") from error


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise ValueError("names of members must be text")
        return {name: _sorted(value[name]) for name in sorted(value, key=_units)}
    if isinstance(value, list | tuple):
        return [_sorted(each) for each in value]
    if value is None or isinstance(value, str | bool) or (isinstance(value, int) and abs(value) <= _MOST):
        return value
    raise ValueError(f"a {type(value).__name__} has no canonical form here")


def _units(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")
