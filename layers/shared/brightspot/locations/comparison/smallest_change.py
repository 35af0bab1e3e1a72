"""The smallest change of all weights together that makes two scores equal, as the sum of absolute changes (L1).

When both sites lack the same categories, their scores differ by sum(w_c d_c) / K, d_c the difference of their scores in
a category (0 where they have none). Weight moved from category i to j changes the sum by d_j - d_i a unit, so the best
receiver is the category with the least d, and the best givers are those with the greatest d, each as far as its weight
reaches (a fractional knapsack): that is exact. Where they lack different ones, unlike_sites.py searches.
"""

from dataclasses import dataclass

from brightspot.locations.comparison.crossings import Numbers, Scores
from brightspot.locations.comparison.knapsack import knapsack
from brightspot.locations.comparison.unlike_sites import Search


@dataclass(frozen=True, slots=True)
class Change:
    """`weights` make the scores equal and are `l1` away; no change below `at_least` does that."""

    l1: float
    at_least: float
    weights: tuple[float, ...]


def smallest_change(weights: Numbers, ahead: Scores, behind: Scores) -> Change | None:
    """The least change of weights that brings `behind`, which has the lower score, level with `ahead`.

    None when none was found. Where both sites lack the same categories `at_least` is `l1`; elsewhere it is at most a
    hundredth less, unless the change ends where one of them all but loses its score for want of known categories.
    """
    if [each is None for each in ahead] != [each is None for each in behind]:
        found = Search(weights, ahead, behind).run()
        return None if found is None else Change(*found)
    lead = [0.0 if a is None or b is None else a - b for a, b in zip(ahead, behind, strict=True)]
    moved = knapsack(weights, lead)
    if moved is None:
        return None
    return Change(2 * moved.weight, 2 * moved.weight, tuple(max(0.0, each) for each in moved.there))
