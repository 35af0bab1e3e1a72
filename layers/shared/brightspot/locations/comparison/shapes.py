"""What a comparison answers."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from brightspot.locations.analysis import Location, Model, PointResult


class CategoryCompared(msgspec.Struct, frozen=True):
    """One category of one site. Differences are null where either has no score, or where there is no next site.

    `to_best`: this score less the best one in this category, 0 or below. `to_next`: less that of the site ranked next.
    """

    score: float | None
    weight: float
    status: Literal["scored", "proxy", "insufficient"]
    confidence: float
    to_best: float | None
    to_next: float | None


class RankedSite(msgspec.Struct, frozen=True):
    """One site. Sites with the same overall score share a rank. `id` is that of its analysis."""

    rank: int
    address: str
    id: str
    location: Location
    overall_score: float
    to_first: float
    to_next: float | None
    confidence: float
    data_points_collected: int
    cached: bool
    categories: dict[str, CategoryCompared]


class PointDifference(msgspec.Struct, frozen=True):
    """A point whose contributions differ, as both analyses have it; null where one has not.

    `difference` is the first site's contribution less the other's, in score points.
    """

    category: str
    point: str
    difference: float
    first: PointResult | None
    other: PointResult | None


class Drivers(msgspec.Struct, frozen=True):
    """What parts a site from the first: the points that differ most, and what all others sum to.

    `difference` is the first site's overall score less this one's: the sum of the points' and `rest`.
    """

    rank: int
    address: str
    difference: float
    points: list[PointDifference]
    rest: float


class Span(msgspec.Struct, frozen=True):
    """The weights of one category between which an order holds, the others rescaled; null where nothing ends it."""

    lower: float | None
    upper: float | None


class NearestWeight(msgspec.Struct, frozen=True):
    """The category whose weight has the least way to go until the order changes; `change` is signed."""

    category: str
    weight: float
    change: float


class WeightChange(msgspec.Struct, frozen=True):
    """The smallest change of all weights together (sum of absolute changes) that makes two scores equal.

    No change below `at_least` does it; `weights` are `l1` away and do.
    """

    l1: float
    at_least: float
    weights: dict[str, float]


class PairSensitivity(msgspec.Struct, frozen=True):
    """How firm the order of two neighbours is. Where they are `tied` there is none to change.

    `categories`: between which weights it holds, by category, the other weights rescaled to sum to 1.
    """

    first: str
    second: str
    lead: float
    tied: bool
    categories: dict[str, Span]
    nearest: NearestWeight | None
    smallest_change: WeightChange | None


class Sensitivity(msgspec.Struct, frozen=True):
    """How far weights may move before the order of the whole ranking changes, by the pair that gives way first."""

    pairs: list[PairSensitivity]
    categories: dict[str, Span]
    nearest: NearestWeight | None
    smallest_change: WeightChange | None


class Unranked(msgspec.Struct, frozen=True):
    """A site that was analysed and has no overall score."""

    address: str
    id: str
    location: Location
    reason: str


class Duplicate(msgspec.Struct, frozen=True):
    """An address that means the same place as one before it, which was compared once."""

    index: int
    address: str
    same_as: str


class NotCompared(msgspec.Struct, frozen=True, omit_defaults=True):
    """An address that could not be analysed: why, and what to send."""

    index: int
    address: str
    error: str
    reason: str
    understood: Mapping[str, str] | None = None


class Comparison(msgspec.Struct, frozen=True):
    """Sites ranked by their overall scores, what parts them, and how firm the order is."""

    persona: str
    weights: dict[str, float]
    radius_miles: float
    model: Model
    ranked: list[RankedSite]
    drivers: list[Drivers]
    sensitivity: Sensitivity
    unranked: list[Unranked]
    duplicates: list[Duplicate]
    errors: list[NotCompared]
