"""Ranks analysed sites and tells how far each is from the others, and by which points."""

from collections.abc import Sequence
from math import fsum
from typing import Final

from brightspot.locations.analysis import Analysis, PointResult
from brightspot.locations.comparison.shapes import CategoryCompared, Drivers, PointDifference, RankedSite
from brightspot.locations.scoring.combine import SCORE_DIGITS

MOST_DRIVERS: Final = 6


def in_order(analyses: Sequence[Analysis]) -> list[tuple[float, Analysis]]:
    """The analyses with a score, best first; ties stay as they came."""
    scored = [(each.overall_score, each) for each in analyses if each.overall_score is not None]
    return sorted(scored, key=lambda site: -site[0])


def ranked(order: Sequence[tuple[float, Analysis]]) -> list[RankedSite]:
    """Each site of an order with its rank and its distances."""
    return [_site(at, order) for at in range(len(order))]


def drivers(order: Sequence[tuple[float, Analysis]]) -> list[Drivers]:
    """For each site but the first: by which points the first is ahead of it, or behind."""
    ranks = _ranks(order)
    return [_drivers(rank, order[0], other) for rank, other in zip(ranks[1:], order[1:], strict=True)]


def _ranks(order: Sequence[tuple[float, Analysis]]) -> list[int]:
    """1 for the best; equal scores share the rank of the first of them."""
    scores = [score for score, _ in order]
    return [scores.index(score) + 1 for score in scores]


def _site(at: int, order: Sequence[tuple[float, Analysis]]) -> RankedSite:
    score, found = order[at]
    following = order[at + 1] if at + 1 < len(order) else None
    return RankedSite(
        rank=_ranks(order)[at],
        address=found.address,
        id=found.id,
        location=found.location,
        overall_score=score,
        to_first=_rounded(score - order[0][0]),
        to_next=None if following is None else _rounded(score - following[0]),
        confidence=found.confidence,
        data_points_collected=found.data_points_collected,
        cached=found.cached,
        categories={
            name: CategoryCompared(
                each.score,
                each.weight,
                each.status,
                each.confidence,
                _less(
                    each.score,
                    max((s for _, one in order if (s := one.categories[name].score) is not None), default=None),
                ),
                None if following is None else _less(each.score, following[1].categories[name].score),
            )
            for name, each in found.categories.items()
        },
    )


def _drivers(rank: int, first: tuple[float, Analysis], other: tuple[float, Analysis]) -> Drivers:
    here, there = _points(first[1]), _points(other[1])
    differences = [
        _difference(category, point, here.get((category, point)), there.get((category, point)))
        for category, point in dict.fromkeys([*here, *there])
    ]
    strongest = sorted((each for each in differences if each.difference), key=lambda each: -abs(each.difference))
    total = _rounded(first[0] - other[0])
    told = strongest[:MOST_DRIVERS]
    return Drivers(rank, other[1].address, total, told, _rounded(total - fsum(each.difference for each in told)))


def _points(found: Analysis) -> dict[tuple[str, str], PointResult]:
    return {(name, point): each for name, one in found.categories.items() for point, each in one.points.items()}


def _difference(category: str, point: str, here: PointResult | None, there: PointResult | None) -> PointDifference:
    one, other = (0.0 if each is None else each.contribution for each in (here, there))
    return PointDifference(category, point, _rounded(one - other), here, there)


def _less(score: float | None, other: float | None) -> float | None:
    return None if score is None or other is None else _rounded(score - other)


def _rounded(difference: float) -> float:
    return round(difference, SCORE_DIGITS)
