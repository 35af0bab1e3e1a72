"""The key of a call: the same arguments make the same key, in every process and after every start."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

import msgspec

_DIGEST_BYTES: Final = 16
PLAIN: Final = frozenset({str, int, float, bool, bytes, type(None)})
_LARGEST: Final = 2**63
_MOST_SPELLINGS: Final = 10_000
_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def digest(value: Any) -> str:
    """32 hexadecimal digits: BLAKE2b over the canonical MessagePack of a value. Raises TypeError."""
    return blake2b(_encode(canonical(value)), digest_size=_DIGEST_BYTES).hexdigest()


def canonical(value: Any) -> Any:
    """Plain data that is equal only for equal values: what MessagePack cannot tell apart carries its type's name.

    1, 1.0 and True are three, and a list is no tuple. Raises TypeError, which says what to do, for what has no
    such form.
    """
    kind = type(value)
    if kind is int and not -_LARGEST <= value < _LARGEST:
        return ["int", str(value)]
    if kind in PLAIN:
        return value
    if kind in _FORMS:
        return [kind.__name__, *_FORMS[kind](value)]
    if isinstance(value, Enum):
        return ["enum", _name(kind), value.name]
    names = [each.name for each in fields(value)] if is_dataclass(value) else getattr(value, "__struct_fields__", None)
    if names is None:
        raise TypeError(
            f"a {_name(kind)} cannot be part of a key: pass plain data (text, numbers, lists, dicts, dates, "
            "dataclasses), or give @cached a key= that makes text of the arguments"
        )
    return ["object", _name(kind), [[each, canonical(getattr(value, each))] for each in names]]


def _pairs(value: dict[Any, Any]) -> list[Any]:
    return sorted([_encode(canonical(key)), _encode(canonical(each))] for key, each in value.items())


_FORMS: Final[dict[type, Callable[[Any], list[Any]]]] = {
    list: lambda value: [canonical(each) for each in value],
    tuple: lambda value: [canonical(each) for each in value],
    dict: _pairs,
    set: lambda value: sorted(_encode(canonical(each)) for each in value),
    frozenset: lambda value: sorted(_encode(canonical(each)) for each in value),
    datetime: lambda value: [value.isoformat()],
    date: lambda value: [value.isoformat()],
    time: lambda value: [value.isoformat()],
    timedelta: lambda value: [value.days, value.seconds, value.microseconds],
    Decimal: lambda value: [str(value)],
    UUID: lambda value: [str(value)],
}


class CallKeys:
    """Makes the keys of one function's calls."""

    def __init__(
        self, function: Callable[..., Any], *, version: int, skip: int = 0, key: Callable[..., str] | None = None
    ) -> None:
        """`skip` arguments are not looked at: 1 for a method's self. `key` makes text of the arguments instead."""
        self._signature = inspect.signature(function)
        self._skip = skip
        self._own = key
        self._spellings: dict[bytes, str] = {}
        self.stem = f"{function.__module__}.{function.__qualname__}:{version}:"

    def key(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
        """However the arguments were passed, and with defaults filled in. Raises TypeError."""
        if self._own is not None:
            return self.stem + self._own(*args, **kwargs)
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = list(bound.arguments.items())[self._skip :]
        return self.stem + digest([[name, value] for name, value in given])

    def spelled(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
        """As `key`, but a tenth of the time for plain arguments in their places that were seen before."""
        if kwargs or self._own is not None:
            return self.key(args, kwargs)
        given = args[self._skip :] if self._skip else args
        for each in given:
            if type(each) not in PLAIN:  # what MessagePack says of other types, it may say of two
                return self.key(args, kwargs)
        try:
            spelling = _encode(given)
        except OverflowError:
            return self.key(args, kwargs)
        known = self._spellings.get(spelling)
        if known is None:
            known = self.key(args, kwargs)
            if len(self._spellings) >= _MOST_SPELLINGS:
                self._spellings.clear()
            self._spellings[spelling] = known
        return known


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
