"""Where two overall scores meet as the category weights move along a straight line.

With weights w + t v (v sums to 0) the score of a site is the mean over the set K of its categories that have a score x:

    S(t) = N(t) / D(t)    N(t) = sum over K of (w_c + t v_c) x_c    D(t) = sum over K of (w_c + t v_c)

so that an insufficient category's weight goes to the others, as in every analysis. N and D are linear in t, and the
scores of two sites, a and b, meet where the quadratic N_a D_b - N_b D_a is 0; it is linear when both have all
categories, since D is 1 then. A site has a score only while D >= 1/2.
"""

from collections.abc import Sequence
from math import copysign, fsum, inf, sqrt
from typing import Final

from brightspot.locations.scoring.combine import OVERALL_SHARE, OVERALL_SLACK

type Scores = Sequence[float | None]
"""A site's category scores in the catalogue's order; None where insufficient."""

type Numbers = Sequence[float]
"""Weights, or a step of them, in the same order."""

_EDGE: Final = 1e-12


def score_at(weights: Numbers, scores: Scores) -> float | None:
    """The overall score before rounding, None when the known categories weigh less than half."""
    have, known = sums(weights, scores)
    return have / known if known >= OVERALL_SHARE - OVERALL_SLACK else None


def first_crossing(weights: Numbers, step: Numbers, ahead: Scores, behind: Scores, most: float) -> float | None:
    """The least t, below `most`, beyond which `behind` is before `ahead`; 0 when it is not behind at all.

    None when there is none while both have a score: where the two only touch, or meet at the very end, the order does
    not change.
    """
    (n_a, d_a), (m_a, e_a) = sums(weights, ahead), sums(step, ahead)
    (n_b, d_b), (m_b, e_b) = sums(weights, behind), sums(step, behind)
    end = min(most, _end(d_a, e_a), _end(d_b, e_b))
    constant = n_a * d_b - n_b * d_a
    if constant <= 0:
        return 0.0
    linear = n_a * e_b + m_a * d_b - n_b * e_a - m_b * d_a
    square = m_a * e_b - m_b * e_a
    root = _first_root(square, linear, constant)
    return root if root is not None and root < end - _EDGE else None


def sums(numbers: Numbers, scores: Scores) -> tuple[float, float]:
    """N and D: the sum of number times score, and of the numbers, over the categories with a score."""
    known = [(number, score) for number, score in zip(numbers, scores, strict=True) if score is not None]
    return fsum(number * score for number, score in known), fsum(number for number, _ in known)


def _end(share: float, per_step: float) -> float:
    """How far the known categories keep half of the weight."""
    if per_step >= 0:
        return inf
    return (share - OVERALL_SHARE + OVERALL_SLACK) / -per_step


def _first_root(square: float, linear: float, constant: float) -> float | None:
    """The least positive t where square t^2 + linear t + constant, positive at 0, turns negative."""
    scale = max(abs(square), abs(linear), constant)
    if abs(square) <= _EDGE * scale:
        return -constant / linear if linear < -_EDGE * scale else None
    discriminant = linear * linear - 4 * square * constant
    if discriminant <= 0:
        return None
    halfway = -(linear + copysign(sqrt(discriminant), linear)) / 2  # without cancellation
    roots = [halfway / square, *([constant / halfway] if halfway else [])]
    return min((root for root in roots if root > 0), default=None)
