"""ASGI's types, and an answer's headers."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Headers:
    """An answer's header fields in `fields`, in their order; names are in lower case."""

    def __init__(self, fields: Iterable[tuple[bytes, bytes]]) -> None:
        self.fields = [(name.lower(), value) for name, value in fields]

    def get(self, name: bytes) -> bytes | None:
        """The first value of a field."""
        return next((value for each, value in self.fields if each == name), None)

    def put(self, name: bytes, value: bytes) -> None:
        """The field's only value from now on."""
        self.drop(name)
        self.fields.append((name, value))

    def default(self, name: bytes, value: bytes) -> None:
        """Its value where it has none."""
        if self.get(name) is None:
            self.fields.append((name, value))

    def drop(self, name: bytes) -> None:
        """As if it had not been set."""
        self.fields = [field for field in self.fields if field[0] != name]

    def vary(self, name: bytes) -> None:
        """One request header more that the answer depends on."""
        known = self.get(b"vary")
        self.put(b"vary", name if known is None else b"%b, %b" % (known, name))
