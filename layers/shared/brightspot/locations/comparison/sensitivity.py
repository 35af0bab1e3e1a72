"""How far category weights must move before the order of ranked sites changes.

The first change of an order is always one between two neighbours: until then every score keeps its place among the
others. So neighbours are looked at, pair by pair, in two ways.

One category: its weight w_k becomes u, and the others keep their proportions, w_c (1 - u) / (1 - w_k), so that all sum
to 1. That is the straight line from w through the corner e_k: w + t (e_k - w), u = w_k + t (1 - w_k), with t from
-w_k / (1 - w_k) to 1. `lower` and `upper` are the u at which the scores meet (see crossings.py), and beyond which
the order is the other one. They are null where no weight in [0, 1] does that, and where the category has all of it.

All categories: the weights nearest to w, by the sum of absolute changes, at which the scores meet (smallest_change.py).

Scores are the overall scores before rounding, with insufficient categories reweighted; only weights by which both
sites have an overall score count.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import inf

from brightspot.locations.analysis import Analysis
from brightspot.locations.comparison.crossings import Scores, first_crossing
from brightspot.locations.comparison.shapes import NearestWeight, PairSensitivity, Sensitivity, Span, WeightChange
from brightspot.locations.comparison.smallest_change import smallest_change
from brightspot.locations.scoring.combine import SCORE_DIGITS

_DIGITS = 9
_ALL = 1.0


def sensitivity(order: Sequence[tuple[float, Analysis]], weights: Mapping[str, float]) -> Sensitivity:
    """The sensitivity of an order, best first, that `weights` (by category, sum 1) gave."""
    pairs = [_pair(one, other, weights) for one, other in pairwise(order)]
    parted = [pair for pair in pairs if not pair.tied]
    categories = {name: _tightest([pair.categories[name] for pair in parted]) for name in weights}
    nearest = [pair.nearest for pair in parted if pair.nearest is not None]
    changes = [pair.smallest_change for pair in parted if pair.smallest_change is not None]
    return Sensitivity(
        pairs=pairs,
        categories=categories,
        nearest=min(nearest, key=lambda each: abs(each.change), default=None),
        smallest_change=min(changes, key=lambda each: each.l1, default=None),
    )


def _pair(one: tuple[float, Analysis], other: tuple[float, Analysis], weights: Mapping[str, float]) -> PairSensitivity:
    (first_score, first), (second_score, second) = one, other
    lead = round(first_score - second_score, SCORE_DIGITS)
    if lead <= 0:
        return PairSensitivity(first.address, second.address, 0.0, True, {}, None, None)
    ahead, behind = _scores(first, weights), _scores(second, weights)
    spans = {name: _span(at, weights, ahead, behind) for at, name in enumerate(weights)}
    return PairSensitivity(
        first.address, second.address, lead, False, spans, _nearest(spans, weights), _change(weights, ahead, behind)
    )


def _scores(found: Analysis, weights: Mapping[str, float]) -> Scores:
    return [found.categories[name].score for name in weights]


def _span(at: int, weights: Mapping[str, float], ahead: Scores, behind: Scores) -> Span:
    """Between which weights of one category the order holds."""
    now = list(weights.values())
    room = _ALL - now[at]
    if room <= 0:
        return Span(None, None)
    up = [float(other == at) - weight for other, weight in enumerate(now)]
    down = [-each for each in up]
    above = first_crossing(now, up, ahead, behind, 1.0)
    below = first_crossing(now, down, ahead, behind, now[at] / room)
    return Span(
        None if below is None else round(now[at] - below * room, _DIGITS),
        None if above is None else round(now[at] + above * room, _DIGITS),
    )


def _nearest(spans: Mapping[str, Span], weights: Mapping[str, float]) -> NearestWeight | None:
    moves = [
        NearestWeight(name, end, round(end - weights[name], _DIGITS))
        for name, span in spans.items()
        for end in (span.lower, span.upper)
        if end is not None
    ]
    return min(moves, key=lambda each: abs(each.change), default=None)


def _change(weights: Mapping[str, float], ahead: Scores, behind: Scores) -> WeightChange | None:
    found = smallest_change(list(weights.values()), ahead, behind)
    if found is None:
        return None
    named = {name: round(weight, _DIGITS) for name, weight in zip(weights, found.weights, strict=True)}
    return WeightChange(round(found.l1, _DIGITS), round(found.at_least, _DIGITS), named)


def _tightest(spans: Sequence[Span]) -> Span:
    lower = max((span.lower for span in spans if span.lower is not None), default=-inf)
    upper = min((span.upper for span in spans if span.upper is not None), default=inf)
    return Span(None if lower == -inf else lower, None if upper == inf else upper)
