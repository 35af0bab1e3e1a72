"""What an audit log consists of: events that happened, and the entries that chain them."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from brightspot.audit.canonical import canonical
from brightspot.audit.merkle import leaf_hash

Outcome = Literal["done", "refused", "failed"]
BEGINNING: Final = "0" * 64  # what the first entry of a stream follows


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what, and what came of it.

    `actor` is the subject of the token, `at` RFC 3339 in UTC with milliseconds, `target` what the action was about,
    `client` the address that it came from; `detail` says what else was asked for, and why it was not done.
    """

    at: str
    actor: str
    tenant: str
    action: str
    target: str
    outcome: Outcome
    request_id: str
    client: str
    detail: Mapping[str, str] = {}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One event in its place: `number` counts from 1 without gaps, `previous` is the hash of the entry before.

    `hash` is the SHA-256 of everything else, as `sealed` makes it.
    """

    stream: str
    number: int
    previous: str
    event: Event
    hash: str


def sealed(stream: str, number: int, previous: str, event: Event) -> Entry:
    """The entry of an event. Raises ValueError for text that has no UTF-8."""
    return Entry(
        stream=stream, number=number, previous=previous, event=event, hash=digest(stream, number, previous, event)
    )


def digest(stream: str, number: int, previous: str, event: Event) -> str:
    """Hexadecimal RFC 6962 leaf hash of the canonical JSON of an entry without its hash."""
    told: dict[str, Any] = msgspec.to_builtins(event)
    return leaf_hash(canonical({"stream": stream, "number": number, "previous": previous, "event": told})).hex()
