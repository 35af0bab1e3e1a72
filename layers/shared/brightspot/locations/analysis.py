"""The Analysis: the one shape that every answer, history row and report passes on.

`null` is a value that is not known; a field that does not apply (`bound`, a filter not set) is absent.
"""

from typing import Literal

import msgspec


class PointResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One data point with its provenance; `contribution` is its share of `overall_score`, in score points.

    `label` is the value's name where the value is a code. `age_seconds` is told of an old copy that stands in for a
    live source that failed.
    """

    value: float | None
    unit: str
    percentile: float | None
    direction: Literal["higher_is_better", "lower_is_better", "context"]
    contribution: float
    source: str
    vintage: str
    level: Literal["site", "zip", "county", "metro", "state"]
    kind: Literal["observed", "estimated", "derived"]
    bound: Literal["at_least", "at_most"] | None = None
    label: str | None = None
    age_seconds: float | None = None


class CategoryResult(msgspec.Struct, frozen=True):
    """One category, 0 to 100. `weight` is the weight in effect: 0 when the category is insufficient."""

    score: float | None
    weight: float
    status: Literal["scored", "proxy", "insufficient"]
    confidence: float
    points: dict[str, PointResult]


class Alternative(msgspec.Struct, frozen=True):
    """Another ZIP that the address may have meant; `miles` from the located point."""

    zip: str
    city: str
    state: str
    population: int | None
    miles: float


class Location(msgspec.Struct, frozen=True):
    """Where the address was understood to be; `uncertainty_miles` is how far off the point may be."""

    lat: float
    lon: float
    zip: str | None
    city: str
    state: str
    county: str | None
    precision: Literal["street", "zip_centroid", "city_centroid", "po_box_zip"]
    uncertainty_miles: float
    alternatives: list[Alternative]
    notes: list[str]


class Missing(msgspec.Struct, frozen=True):
    """A data point that nobody could give, and why."""

    category: str
    point: str
    reason: str


class SourceUsed(msgspec.Struct, frozen=True):
    """A source behind at least one value of the answer, with the credit its licence asks for."""

    name: str
    vintage: str
    licence: str
    credit: str


class Model(msgspec.Struct, frozen=True):
    """The scorer that made the answer; `variant` is the experiment arm."""

    id: str
    version: str
    variant: str


class CollectorTiming(msgspec.Struct, frozen=True):
    """How one collector fared."""

    ms: float
    status: Literal["ok", "failed", "timeout"]
    source: str


class LiveTiming(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which way the values of one live source came.

    `live`: asked just now; `copy`: a fresh copy; `stale_copy`: an old one, since the source failed; `embedded`: it
    failed, and the embedded data stand; `silent`: it has nothing to say about this site.
    """

    ms: float
    way: Literal["live", "copy", "stale_copy", "embedded", "silent"]
    reason: str | None = None


class Performance(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the time went, in milliseconds; `live` is absent when no live source is switched on."""

    total_ms: float
    collectors: dict[str, CollectorTiming]
    live: dict[str, LiveTiming] | None = None


class Analysis(msgspec.Struct, frozen=True, omit_defaults=True):
    """How good an address is as the site of a child-care centre, and why."""

    id: str
    address: str
    created_at: str
    status: Literal["completed"]
    persona: str
    radius_miles: float
    execution_time_seconds: float
    location: Location
    overall_score: float | None
    confidence: float
    categories: dict[str, CategoryResult]
    data_points_collected: int
    missing: list[Missing]
    sources: list[SourceUsed]
    model: Model
    performance: Performance
    cached: bool
    cache_hit: bool
    cache_age_seconds: float | None = None


def decode(body: bytes) -> Analysis:
    """An analysis from the bytes it was encoded to. Raises msgspec.DecodeError for anything else."""
    return msgspec.json.decode(body, type=Analysis)
