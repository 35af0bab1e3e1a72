"""What one may search for, checked the same way for HTTP and CLI."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from math import isfinite
from typing import Final

from brightspot.core import codec
from brightspot.locations.request import DEFAULT_PERSONA, DEFAULT_RADIUS_MILES, AnalyzeRequest, RequestRefused

DEFAULT_FOUND: Final = 10
MOST_FOUND: Final = 100
MOST_SEARCH_MILES: Final = 250.0
MOST_FILTERS: Final = 20
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Near:
    """ZIPs whose centroid is at most `miles` from that of `address`: an address, a city with its state, or a ZIP."""

    address: str
    miles: float

    def __post_init__(self) -> None:
        if not 0 < self.miles <= MOST_SEARCH_MILES:
            raise RequestRefused("near.miles", f"send more than 0 and at most {MOST_SEARCH_MILES:g} miles")


@dataclass(frozen=True, slots=True)
class ValueRange:
    """What a filter lets through, both ends included; None where there is no end."""

    least: float | None = None
    most: float | None = None

    def check(self, name: str) -> None:
        """Raise RequestRefused for bounds that let everything or nothing through."""
        ends = [each for each in (self.least, self.most) if each is not None]
        if not ends:
            raise RequestRefused(filter_field(name), "send a min, a max, or both")
        if not all(isfinite(each) for each in ends) or ends[0] > ends[-1]:
            raise RequestRefused(filter_field(name), "send a min that is not above the max")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """The best ZIPs of one area, or of the whole country when none is named, for `persona` or by own `weights`.

    Raises RequestRefused on creation for what cannot be used, except for what only the dataset can tell.
    """

    state: str | None = None
    county: str | None = None
    near: Near | None = None
    radius_miles: float = DEFAULT_RADIUS_MILES
    persona: str = DEFAULT_PERSONA
    weights: Mapping[str, float] | None = None
    limit: int = DEFAULT_FOUND
    filters: Mapping[str, ValueRange] = field(default_factory=dict)
    cursor: str | None = None

    def __post_init__(self) -> None:
        areas = [name for name in ("state", "county", "near") if getattr(self, name) is not None]
        if len(areas) > 1:
            raise RequestRefused(areas[1], f"send one area: {' or '.join(areas)}")
        if self.radius_miles != DEFAULT_RADIUS_MILES:
            detail = (
                f"the scores of all ZIPs are worked out for {DEFAULT_RADIUS_MILES:g} miles; leave it out, "
                f"and send single ZIPs to /api/v1/analyze for other radii"
            )
            raise RequestRefused("radius_miles", detail)
        if not 1 <= self.limit <= MOST_FOUND:
            raise RequestRefused("limit", f"send 1 to {MOST_FOUND}")
        if len(self.filters) > MOST_FILTERS:
            raise RequestRefused("filters", f"send at most {MOST_FILTERS} filters")
        for name, bounds in self.filters.items():
            bounds.check(name)
        self.category_weights()

    @property
    def persona_told(self) -> str:
        """The persona as answers name it: `custom` where the weights are the caller's own."""
        return "custom" if self.weights is not None else self.persona

    def category_weights(self) -> dict[str, float]:
        """Weight by category, summing to 1. Raises RequestRefused."""
        return AnalyzeRequest("", self.radius_miles, self.persona, self.weights).category_weights()

    def listing(self, model: str) -> str:
        """The name of the list that this asks for a page of: pages of it fit together, with any limit."""
        near = None if self.near is None else [self.near.address, self.near.miles]
        filters = sorted((name, each.least, each.most) for name, each in self.filters.items())
        asked = [model, self.state, self.county, near, sorted(self.category_weights().items()), filters]
        return f"search {sha256(codec.dumps(asked)).hexdigest()[:16]}"


def filter_field(name: str) -> str:
    """The field of a filter as a refusal names it: short, and without what is no text."""
    return f"filters.{name[:_LONGEST].encode(errors='replace').decode()}"
