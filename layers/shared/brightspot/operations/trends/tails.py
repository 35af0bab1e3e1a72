"""How rare a value is: quantiles of Student's t, and tails of the Poisson distribution."""

import math
from statistics import NormalDist


def student_quantile(share: float, freedom: float) -> float:
    """The quantile of Student's t with so many degrees of freedom (more than 8), within 1 % down to 1 in 20,000.

    By its expansion around the normal quantile: Abramowitz and Stegun, 26.7.5.
    """
    z = NormalDist().inv_cdf(share)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(each / freedom**power for power, each in enumerate(terms, 1))


def poisson_tail(value: float, mean: float, *, upper: bool) -> float:
    """The chance of at least (`upper`) or at most so much where so many are expected; a fraction counts as the rarer.

    For values on that side of the mean: terms are added from the value outward until they no longer matter.
    """
    number = math.ceil(value) if upper else math.floor(value)
    if mean == 0:
        return 1.0 if number <= 0 or not upper else 0.0
    term = math.exp(number * math.log(mean) - mean - math.lgamma(number + 1))
    total, least = term, 1e-12 * term
    while term > least:
        number += 1 if upper else -1
        term = term * mean / number if upper else term * (number + 1) / mean
        total += term
    return min(1.0, total)
