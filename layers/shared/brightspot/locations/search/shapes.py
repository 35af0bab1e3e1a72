"""What a search answers."""

from typing import Literal

import msgspec

from brightspot.locations.analysis import Model


class CategoryStanding(msgspec.Struct, frozen=True):
    """One category, 0 to 100. `weight` is the weight in effect: 0 when the category is insufficient."""

    score: float | None
    weight: float
    status: Literal["scored", "proxy", "insufficient"]
    confidence: float


class FoundValue(msgspec.Struct, frozen=True):
    """The value that a filter looked at, with its provenance."""

    value: float
    unit: str
    source: str
    vintage: str
    level: Literal["zip", "county", "metro", "state"]
    kind: Literal["observed", "estimated", "derived"]


class FoundZip(msgspec.Struct, frozen=True, omit_defaults=True):
    """One ZIP, with the numbers that an analysis of it over the embedded data has.

    `values` are those that filters were asked for; `miles` is the distance from where `near` was asked for.
    """

    rank: int
    zip: str
    city: str
    state: str
    county: str | None
    lat: float
    lon: float
    overall_score: float
    confidence: float
    categories: dict[str, CategoryStanding]
    values: dict[str, FoundValue] = {}
    miles: float | None = None


class SearchedArea(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where was searched; `counties` are FIPS codes, which are several where a name or an old code means several."""

    kind: Literal["country", "state", "county", "near"]
    name: str
    counties: list[int] = []
    miles: float | None = None


class Skipped(msgspec.Struct, frozen=True):
    """ZIPs of the area that could not be ranked, and so are not among `matched`.

    `without_residents`: nobody is counted there. `without_score`: categories with enough data carry less than half of
    the weight. `without_value`: a value that a filter asks for is not known, and none that is known fails.
    """

    without_residents: int
    without_score: int
    without_value: int


class SearchResults(msgspec.Struct, frozen=True):
    """The best ZIPs of an area, best first. `matched` is how many there are on all pages together."""

    persona: str
    weights: dict[str, float]
    radius_miles: float
    area: SearchedArea
    model: Model
    matched: int
    skipped: Skipped
    count: int
    results: list[FoundZip]
    next_cursor: str | None
