"""From category scores to one: the weighted mean that everything which ranks places goes by (docs/method.md §4, §5).

It starts from what an answer shows, scores to a millionth and confidences to a ten-thousandth, so that whoever has
those numbers, from an analysis or from the embedded dataset, comes to the same overall score to the last digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Final, Literal

OVERALL_SHARE: Final = 1 / 2
SCORE_DIGITS: Final = 6
CONFIDENCE_DIGITS: Final = 4
OVERALL_SLACK: Final = 1e-9

# How far a place stands for the site. These are judgements, stated in docs/method.md, not estimates.
_PRECISION_TRUST: Final = {"street": 1.0, "zip_centroid": 0.9, "city_centroid": 0.75, "po_box_zip": 0.7}

Status = Literal["scored", "proxy", "insufficient"]


@dataclass(frozen=True, slots=True)
class Standing:
    """One category before any weight: `score` 0 to 100, None when insufficient; `confidence` 0 to 1."""

    score: float | None
    status: Status
    confidence: float


@dataclass(frozen=True, slots=True)
class Combined:
    """`overall` is None when too little is known; `weights` are those in effect, 0 for an insufficient category."""

    overall: float | None
    confidence: float
    weights: dict[str, float]


def combine(standings: Mapping[str, Standing], weights: Mapping[str, float], precision: str) -> Combined:
    """Weigh the categories by `weights`, which sum to 1.

    overall = sum(W'_c * score_c), W'_c = W_c / K, K = sum of W over the categories with a score; None when K < 1/2.
    confidence = trust in `precision` * sum(W_c * confidence_c) over the same categories.
    """
    have = {name: each for name, each in standings.items() if each.score is not None}
    known = fsum(weights[name] for name in have)
    enough = is_enough(known)
    effective = {name: weights[name] / known if enough and name in have else 0.0 for name in standings}
    overall = fsum(effective[name] * each.score for name, each in have.items() if each.score is not None)
    trusted = fsum(weights[name] * each.confidence for name, each in have.items())
    return Combined(
        overall=round(overall, SCORE_DIGITS) if enough else None,
        confidence=round(trusted * _PRECISION_TRUST[precision], CONFIDENCE_DIGITS),
        weights=effective,
    )


def is_enough(known: float) -> bool:
    """Whether categories that together weigh `known` of 1 make an overall score."""
    return known >= OVERALL_SHARE - OVERALL_SLACK
