"""Kept searches: what the HTTP front must know to answer a search without any web framework, anew or from the cache."""

from hashlib import sha256
from typing import Final

import msgspec

from brightspot.cache import Hit
from brightspot.core import codec
from brightspot.core.errors import InputRefused
from brightspot.locations.dataset.file import shared_dataset
from brightspot.locations.request import DEFAULT_PERSONA, DEFAULT_RADIUS_MILES
from brightspot.locations.search.request import DEFAULT_FOUND, Near, SearchRequest, ValueRange
from brightspot.resilience import Deadline

_KEPT_SECONDS: Final = 24 * 3600.0


class _Near(msgspec.Struct, forbid_unknown_fields=True):
    address: str
    miles: float


class _Range(msgspec.Struct, forbid_unknown_fields=True):
    min: float | None = None
    max: float | None = None


class _Body(msgspec.Struct, forbid_unknown_fields=True):
    state: str | None = None
    county: str | None = None
    near: _Near | None = None
    radius_miles: float = DEFAULT_RADIUS_MILES
    persona: str = DEFAULT_PERSONA
    weights: dict[str, float] | None = None
    limit: int = DEFAULT_FOUND
    filters: dict[str, _Range] = {}
    cursor: str | None = None


class KeptSearches:
    """Answers are good for a day; another dataset makes other questions of them."""

    namespace = "search"

    def key_of(self, body: bytes, tenant: str) -> str | None:
        """Under which key the answer to a request body is kept; None when the body is not one that can be answered."""
        try:
            asked = _asked(body)
        except (ValueError, InputRefused):  # msgspec's errors are ValueErrors, and so is text that is no UTF-8
            return None  # the app answers such a body, and says what is wrong with it
        page = [asked.listing(shared_dataset().version), asked.persona_told, asked.limit, asked.cursor]
        return sha256(codec.dumps([tenant, *page])).hexdigest()

    def made(self, body: bytes, tenant: str, deadline: Deadline) -> bytes:  # noqa: ARG002  # data of nobody, at once
        """The answer to a request body that has a key, worked out now. Raises InputRefused."""
        from brightspot.locations.search.service import search_zips  # noqa: PLC0415  # a kept answer searches nothing

        return codec.dumps(search_zips(_asked(body)))

    def ttl_seconds(self) -> float:
        """How long an answer is kept."""
        return _KEPT_SECONDS

    def is_whole(self, answer: bytes) -> bool:  # noqa: ARG002  # nothing in it can fail by itself
        """Whether an answer may be kept."""
        return True

    def tags_of(self, answer: bytes) -> tuple[str, ...]:  # noqa: ARG002
        """None: a search is about no one place."""
        return ()

    def replayed(self, answer: bytes, hit: Hit) -> bytes:  # noqa: ARG002  # the data are as old as they were
        """A kept answer as it leaves again: the same."""
        return answer


def _asked(body: bytes) -> SearchRequest:
    """Raises ValueError or InputRefused for a body that the app would refuse."""
    asked = msgspec.json.decode(body, type=_Body)
    return SearchRequest(
        state=asked.state,
        county=asked.county,
        near=None if asked.near is None else Near(asked.near.address, asked.near.miles),
        radius_miles=asked.radius_miles,
        persona=asked.persona,
        weights=asked.weights,
        limit=asked.limit,
        filters={name: ValueRange(each.min, each.max) for name, each in asked.filters.items()},
        cursor=asked.cursor,
    )
