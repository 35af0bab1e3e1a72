"""The least weight to move between categories until a weighted sum is 0."""

from typing import NamedTuple

from brightspot.locations.comparison.crossings import Numbers


class Moved(NamedTuple):
    """How much weight moves in all, and the weights then."""

    weight: float
    there: list[float]


def knapsack(weights: Numbers, lead: Numbers) -> Moved | None:
    """The least move after which sum(w_c lead_c) is not above 0; None when it stays above.

    All goes to the category with the least lead, from those with the greatest first.
    """
    receiver = min(range(len(lead)), key=lead.__getitem__)
    left, moved, there = dot(weights, lead), 0.0, list(weights)
    if left > 0 and lead[receiver] >= 0:
        return None
    for giver in sorted(range(len(lead)), key=lambda at: -lead[at]):
        gain = lead[giver] - lead[receiver]
        if left <= 0 or gain <= 0:
            break
        part = min(weights[giver], left / gain)
        left -= part * gain
        moved += part
        there[giver] -= part
        there[receiver] += part
    return Moved(moved, there)


def dot(one: Numbers, other: Numbers) -> float:
    """The sum of the products."""
    return sum(a * b for a, b in zip(one, other, strict=True))
