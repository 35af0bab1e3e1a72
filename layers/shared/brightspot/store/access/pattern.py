"""Which question of the code a call to a table answers: its access pattern, a name that the asking code gives."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import msgspec

USUAL_BYTES: Final = 65_536
# What lies between a repository and the wire; the first code above it is who asks.
_BETWEEN: Final = ("brightspot.store", "brightspot.resilience", "pynamodb", "botocore", "contextlib", "threading")


class AccessPattern(msgspec.Struct, frozen=True):
    """`fan_out` calls answer it once, as of fixed shards; its items have `item_bytes` at most, as it is meant."""

    name: str
    fan_out: int = 1
    item_bytes: int = USUAL_BYTES


_current: ContextVar[AccessPattern | None] = ContextVar("access_pattern", default=None)


@contextmanager
def access_pattern(name: str, *, fan_out: int = 1, item_bytes: int = USUAL_BYTES) -> Iterator[None]:
    """Name the calls to tables made inside, on threads started inside too: `@access_pattern("a batch by its id")`.

    The name is a label: a constant. The innermost one counts. Inside of a generator take `with`: decorated, only its
    making would be named.
    """
    before = _current.get()
    _current.set(AccessPattern(name, fan_out, item_bytes))
    try:
        yield
    finally:
        _current.set(before)  # no token: a generator may be ended in another context than it began in


def current_pattern() -> AccessPattern:
    """The pattern at hand; of code that names none, the function that asks: `dynamo.DynamoHistory.get`."""
    return _current.get() or AccessPattern(_asking())


def _asking() -> str:
    frame = sys._getframe(1)  # noqa: SLF001  # inspect.stack() reads source files for the same
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(_BETWEEN):
        frame = frame.f_back
    module = str(frame.f_globals.get("__name__", "")).rpartition(".")[2]
    return f"{module}.{frame.f_code.co_qualname}"
