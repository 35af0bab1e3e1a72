"""How large DynamoDB counts an item: docs.aws.amazon.com, "DynamoDB item sizes and formats"."""

from collections.abc import Callable, Mapping
from typing import Any, Final

_OF_A_MEMBER: Final = 1
_OF_A_COLLECTION: Final = 3


def item_bytes(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Bytes of an item as DynamoDB's JSON has it: names and values; of numbers about, as the page says, too."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    return _SIZES[kind](held)


def _number_bytes(text: str) -> int:
    """A byte for each two significant digits, and one more."""
    digits = text.lstrip("-").partition("E")[0].replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1


def _text_bytes(text: str) -> int:
    return len(text.encode())


_SIZES: Final[Mapping[str, Callable[[Any], int]]] = {
    "S": _text_bytes,
    "B": len,
    "N": _number_bytes,
    "SS": lambda several: sum(map(_text_bytes, several)),
    "BS": lambda several: sum(map(len, several)),
    "NS": lambda several: sum(map(_number_bytes, several)),
    "L": lambda several: _OF_A_COLLECTION + sum(_OF_A_MEMBER + _value_bytes(each) for each in several),
    "M": lambda members: _OF_A_COLLECTION + _OF_A_MEMBER * len(members) + item_bytes(members),
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
}
