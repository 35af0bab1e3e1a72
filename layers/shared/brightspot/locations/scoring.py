"""Scores from percentiles: weighted means within a category, weighted again over categories (docs/method.md).

Every contribution is rounded to a millionth of a score point and the overall score is their sum, so that what is
shown adds up exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Literal

from brightspot.locations.collectors.seam import Observation
from brightspot.locations.points import CATEGORIES, POINTS, Point

SCORED_SHARE = 1 / 2
PROXY_SHARE = 1 / 3
OVERALL_SHARE = 1 / 2
_DIGITS = 6

# How far a value speaks for the site itself. These are judgements, stated in docs/method.md, not estimates.
_LEVEL_TRUST = {"site": 1.0, "zip": 1.0, "county": 0.8, "metro": 0.7, "state": 0.4}
_KIND_TRUST = {"observed": 1.0, "derived": 0.95, "estimated": 0.8}
_PRECISION_TRUST = {"zip_centroid": 0.9, "city_centroid": 0.75, "po_box_zip": 0.7}
_PROXY_TRUST = 0.5

Status = Literal["scored", "proxy", "insufficient"]


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """One category: `score` 0 to 100 or None, `weight` in effect after reweighting."""

    score: float | None
    weight: float
    status: Status
    confidence: float


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`contributions` holds every counted point and sums to `overall`, which is None when too little is known."""

    overall: float | None
    confidence: float
    categories: dict[str, CategoryScore]
    contributions: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Draft:
    status: Status
    score: float
    confidence: float
    shares: dict[str, float]  # point -> its part of the category score


def score(observations: Mapping[str, Observation], weights: Mapping[str, float], precision: str) -> Scorecard:
    """Combine observations by `weights` (per category, sum 1). Points without a percentile count as missing."""
    drafts = {category: _draft(category, observations) for category in CATEGORIES}
    known = fsum(weights[name] for name, draft in drafts.items() if draft.status != "insufficient")
    scorable = known > 0 and known >= OVERALL_SHARE - 1e-9
    effective = {
        name: weights[name] / known if scorable and draft.status != "insufficient" else 0.0
        for name, draft in drafts.items()
    }
    contributions = {
        point: round(effective[name] * share, _DIGITS)
        for name, draft in drafts.items()
        for point, share in draft.shares.items()
    }
    trusted = fsum(weights[name] * d.confidence for name, d in drafts.items() if d.status != "insufficient")
    return Scorecard(
        overall=round(fsum(contributions.values()), _DIGITS) if scorable else None,
        confidence=round(trusted * _PRECISION_TRUST[precision], 4),
        categories={name: _category(draft, effective[name]) for name, draft in drafts.items()},
        contributions=contributions,
    )


def _category(draft: _Draft, weight: float) -> CategoryScore:
    insufficient = draft.status == "insufficient"
    return CategoryScore(
        None if insufficient else round(draft.score, _DIGITS), weight, draft.status, round(draft.confidence, 4)
    )


def _draft(category: str, observations: Mapping[str, Observation]) -> _Draft:
    points = [point for point in POINTS if point.category == category and point.direction != "context"]
    counted = [(point, observations[point.name]) for point in points if _ranked(point, observations)]
    have = fsum(point.weight for point, _ in counted)
    if not counted:
        return _Draft("insufficient", 0.0, 0.0, {})
    shares = {point.name: point.weight / have * goodness(point, seen) for point, seen in counted}
    trust = fsum(point.weight * _trust(point, seen) for point, seen in counted)
    return _Draft(
        _status(points, counted), fsum(shares.values()), trust / fsum(point.weight for point in points), shares
    )


def _ranked(point: Point, observations: Mapping[str, Observation]) -> bool:
    seen = observations.get(point.name)
    return seen is not None and seen.value is not None and seen.percentile is not None


def goodness(point: Point, seen: Observation) -> float:
    """How good the value is, 0 to 100: the percentile, or its mirror image where less is better."""
    if seen.percentile is None:
        raise ValueError(f"{point.name} has no percentile")
    return seen.percentile if point.direction == "higher_is_better" else 100.0 - seen.percentile


def _status(points: list[Point], counted: list[tuple[Point, Observation]]) -> Status:
    """`scored` with half of what is wanted directly, else `proxy` with a third of what can be known at all."""
    direct = fsum(point.weight for point in points if not point.proxy)
    direct_have = fsum(point.weight for point, _ in counted if not point.proxy)
    if direct > 0 and direct_have / direct >= SCORED_SHARE:
        return "scored"
    knowable = fsum(point.weight for point in points if point.gap is None)
    have = fsum(point.weight for point, _ in counted)
    return "proxy" if have / knowable >= PROXY_SHARE else "insufficient"


def _trust(point: Point, seen: Observation) -> float:
    return _LEVEL_TRUST[seen.level] * _KIND_TRUST[seen.kind] * (_PROXY_TRUST if point.proxy else 1.0)
