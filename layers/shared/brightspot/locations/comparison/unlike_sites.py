"""The smallest change of weights between two sites that lack different categories, by branch and bound.

Insufficient categories pass their weight on, so the problem is linear only for a given common score s: S_a <= s and
s <= S_b are linear conditions then. Any mix of the two, with s anywhere between two bounds, is one condition that the
knapsack answers; the mix that costs most is a bound that no change between them can beat. Changes that do it are found
at or near its answer. That a site has a score only with half of the weight is kept by the changes, not by the bounds.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, permutations
from math import inf
from typing import Final, NamedTuple

from brightspot.locations.comparison.crossings import Numbers, Scores, first_crossing, score_at, sums
from brightspot.locations.comparison.knapsack import dot, knapsack

_CLOSE: Final = 0.99
_MOST_SPLITS: Final = 100
_MIX_STEPS: Final = 18
_GOLDEN: Final = 0.6180339887498949
_EDGE: Final = 1e-9
_COARSEST: Final = 0.1
_FINEST: Final = 1e-4  # of the change: what is gained is not worth less
_LEAST_SLOPE: Final = 1e-6  # score points by a whole unit of weight: below it two scores are one

type _Found = tuple[float, tuple[float, ...]]
"""A change: its L1 and the weights."""


class _Mixed(NamedTuple):
    """What one mix of the conditions costs; by how much it fails now, which tells the way where it fails at all."""

    weight: float
    lead: float
    there: list[float]


@dataclass(frozen=True, slots=True)
class Search:
    """`ahead` has the higher score by `weights`, and not the same categories as `behind`."""

    weights: Numbers
    ahead: Scores
    behind: Scores

    def run(self) -> tuple[float, float, tuple[float, ...]] | None:
        """L1 of the change, what it is at least, and the weights then; None when none was found."""
        known = [[each for each in scores if each is not None] for scores in (self.ahead, self.behind)]
        low, high = max(map(min, known)), min(map(max, known))
        best: _Found | None = None
        order = count()
        open_ = [(0.0, next(order), low, high)] if low <= high else []
        for _ in range(_MOST_SPLITS):
            if not open_ or (best is not None and open_[0][0] >= _CLOSE * best[0]):
                break
            _, _, low, high = heapq.heappop(open_)
            middle = (low + high) / 2
            for start, end in ((low, middle), (middle, high)):
                bound, there = self._bound(start, end)
                if bound == inf:
                    continue
                best = min([*([] if best is None else [best]), *self._met(there)], default=None)
                if best is None or bound < best[0]:
                    heapq.heappush(open_, (bound, next(order), start, end))
        if best is None:
            return None
        at_least = min([best[0], *(each[0] for each in open_[:1])])
        found = best if at_least >= _CLOSE * best[0] else self._polished(best)
        return found[0], at_least, found[1]

    def _bound(self, low: float, high: float) -> tuple[float, list[float]]:
        """What a change costs at least if the scores meet between `low` and `high`, and the weights it leads to."""
        start, end = 0.0, 1.0  # the costs of the mixes rise to the greatest and fall from it
        first, second = self._mixed(1 - _GOLDEN, low, high), self._mixed(_GOLDEN, low, high)
        for _ in range(_MIX_STEPS):
            if first >= second:
                end, second = start + _GOLDEN * (end - start), first
                first = self._mixed(end - _GOLDEN * (end - start), low, high)
            else:
                start, first = end - _GOLDEN * (end - start), second
                second = self._mixed(start + _GOLDEN * (end - start), low, high)
        one, other = self._mixed(start, low, high).there, self._mixed(end, low, high).there
        return 2 * max(first, second).weight, self._between(one, other, (low + high) / 2)

    def _mixed(self, share: float, low: float, high: float) -> _Mixed:
        """(1 - share) of S_a <= s and `share` of s <= S_b: where `s` itself counts, it is taken at its better end."""
        lead = []
        for a, b in zip(self.ahead, self.behind, strict=True):
            of_a, of_b = 0.0 if a is None else 1 - share, 0.0 if b is None else share
            either_end = min((of_b - of_a) * low, (of_b - of_a) * high)
            lead.append(of_a * (a or 0.0) - of_b * (b or 0.0) + either_end)
        moved = knapsack(self.weights, lead)
        return _Mixed(inf if moved is None else moved.weight, dot(self.weights, lead), moved.there if moved else [])

    def _between(self, one: Numbers, other: Numbers, aim: float) -> list[float]:
        """The mix of two answers at which the score of `ahead` is `aim`: the best change may need both."""
        lead = [0.0 if each is None else each - aim for each in self.ahead]
        if not one or not other:
            return [*one, *other]
        over, under = dot(one, lead), dot(other, lead)
        share = 0.5 if over == under else min(1.0, max(0.0, over / (over - under)))
        return [(1 - share) * a + share * b for a, b in zip(one, other, strict=True)]

    def _met(self, there: Numbers) -> Iterator[_Found]:
        """Changes to weights at or near `there`: on the way back, else further on towards one category."""
        lead, other = score_at(there, self.ahead), score_at(there, self.behind)
        if lead is None or other is None:
            return
        if lead <= other:
            yield from self._along(self.weights, _step(self.weights, there), 1.0 + _EDGE)
            return
        for corner in range(len(there)):
            yield from self._along(there, [float(at == corner) - here for at, here in enumerate(there)], 1.0)

    def _along(self, start: Numbers, step: Numbers, most: float) -> Iterator[_Found]:
        """The change at which the scores meet on a straight line; nothing when they do not, or only touch."""
        crossing = first_crossing(start, step, self.ahead, self.behind, most)
        if crossing is not None:
            met = tuple(max(0.0, here + crossing * each) for here, each in zip(start, step, strict=True))
            if self._parts(met):
                yield sum(map(abs, _step(self.weights, met))), met

    def _polished(self, best: _Found) -> _Found:
        """A change that no small move between two categories betters, for where having a score at all is the limit."""
        far = _COARSEST
        while far > _FINEST:
            better = min((each for there in _nearby(best[1], far) for each in self._through(there)), default=best)
            if better[0] < best[0] - _FINEST * best[0]:
                best = better
            else:
                far /= 2
        return best

    def _through(self, there: Numbers) -> Iterator[_Found]:
        """The change on the straight line to weights and beyond them, as far as none is below 0."""
        step = _step(self.weights, there)
        room = [here / -each for here, each in zip(self.weights, step, strict=True) if each < 0]
        yield from self._along(self.weights, step, min(room, default=0.0))

    def _parts(self, met: Numbers) -> bool:
        """Whether `behind` comes ahead next to weights at which the scores are equal, and not only level.

        Towards category k a score S changes by (x_k - S) / D a unit, by nothing without an x_k. Where no such way leads
        to another order, none between them does.
        """
        (n_a, d_a), (n_b, d_b) = sums(met, self.ahead), sums(met, self.behind)
        leads = (
            (0.0 if a is None else (a - n_a / d_a) / d_a) - (0.0 if b is None else (b - n_b / d_b) / d_b)
            for a, b in zip(self.ahead, self.behind, strict=True)
        )
        return min(leads) < -_LEAST_SLOPE


def _step(here: Numbers, there: Numbers) -> list[float]:
    return [b - a for a, b in zip(here, there, strict=True)]


def _nearby(weights: Numbers, far: float) -> Iterator[list[float]]:
    for giver, receiver in permutations(range(len(weights)), 2):
        there = list(weights)
        part = min(far, there[giver])
        there[giver] -= part
        there[receiver] += part
        yield there
