"""Scores from percentiles: weighted means within a category, weighted again over categories (docs/method.md).

Every contribution is a whole number of millionths of a score point, and they add up exactly to the overall score.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Final

from brightspot.locations.collectors.seam import Observation
from brightspot.locations.dataset.points import CATEGORIES, POINTS, Point
from brightspot.locations.scoring.combine import CONFIDENCE_DIGITS, SCORE_DIGITS, Standing, Status, combine

SCORED_SHARE = 1 / 2
PROXY_SHARE = 1 / 3
_UNIT: Final = 10.0**-SCORE_DIGITS

# How far a value speaks for the site itself. These are judgements, stated in docs/method.md, not estimates.
_LEVEL_TRUST = {"site": 1.0, "zip": 1.0, "county": 0.8, "metro": 0.7, "state": 0.4}
_KIND_TRUST = {"observed": 1.0, "derived": 0.95, "estimated": 0.8}
_PROXY_TRUST = 0.5


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
class Draft:
    """One category before any weight, and what each point gives to its score."""

    standing: Standing
    shares: dict[str, float]


def score(observations: Mapping[str, Observation], weights: Mapping[str, float], precision: str) -> Scorecard:
    """Combine observations by `weights` (per category, sum 1). Points without a percentile count as missing."""
    drafts = drafted(observations)
    standings = {name: draft.standing for name, draft in drafts.items()}
    combined = combine(standings, weights, precision)
    contributions = {
        point: combined.weights[name] * share for name, draft in drafts.items() for point, share in draft.shares.items()
    }
    return Scorecard(
        overall=combined.overall,
        confidence=combined.confidence,
        categories={
            name: CategoryScore(each.score, combined.weights[name], each.status, each.confidence)
            for name, each in standings.items()
        },
        contributions=_settled(contributions, combined.overall),
    )


def drafted(observations: Mapping[str, Observation]) -> dict[str, Draft]:
    """Every category by itself: what is known of it, whoever asks."""
    return {category: _draft(category, observations) for category in CATEGORIES}


def _settled(contributions: Mapping[str, float], overall: float | None) -> dict[str, float]:
    """Round to millionths so that the sum is `overall`: what is over or short goes where rounding erred most."""
    rounded = {point: round(exact, SCORE_DIGITS) for point, exact in contributions.items()}
    gap = round((0.0 if overall is None else overall) / _UNIT) - round(fsum(rounded.values()) / _UNIT)
    step = 1 if gap > 0 else -1
    counted = [point for point, exact in contributions.items() if exact > 0]
    counted.sort(key=lambda point: step * (rounded[point] - contributions[point]))
    for point in counted[: abs(gap)]:
        rounded[point] = round(rounded[point] + step * _UNIT, SCORE_DIGITS)
    return rounded


def _draft(category: str, observations: Mapping[str, Observation]) -> Draft:
    points = [point for point in POINTS if point.category == category and point.direction != "context"]
    counted = [(point, observations[point.name]) for point in points if _ranked(point, observations)]
    have = fsum(point.weight for point, _ in counted)
    if not counted:
        return Draft(Standing(None, "insufficient", 0.0), {})
    shares = {point.name: point.weight / have * goodness(point, seen) for point, seen in counted}
    trust = fsum(point.weight * _trust(point, seen) for point, seen in counted)
    confidence = round(trust / fsum(point.weight for point in points), CONFIDENCE_DIGITS)
    status = _status(points, counted)
    known = None if status == "insufficient" else round(fsum(shares.values()), SCORE_DIGITS)
    return Draft(Standing(known, status, confidence), shares)


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
