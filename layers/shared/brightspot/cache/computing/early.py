"""When a value that is still fresh is computed anew, so that it never expires under many readers at once."""

import math
from random import Random
from typing import Literal

Rule = Literal["xfetch", "flat"]
FLAT_CHANCE = 0.1


def xfetch_lead(delta: float, beta: float, random: Random) -> float:
    """Seconds before its expiry from which one reader, by one draw, would compute a value anew: -delta*beta*ln(U).

    `delta` is how many seconds the value took to compute, U uniform in (0, 1] (Vattani, Chierichetti, Lowenstein 2015,
    "Optimal Probabilistic Cache Stampede Prevention", VLDB 8(8)). The lead is exponential with mean delta*beta. A
    reader draws anew at each reading; docs/cache-computing.md has the closed form of the lead that comes of that.
    """
    return -delta * beta * math.log(1.0 - random.random())  # nosec B311  # a draw, no secret


def is_due(left: float, ttl: float, delta: float, *, rule: Rule, window: float, beta: float, random: Random) -> bool:
    """Whether this reading of a value computes it anew: `left` seconds before its expiry, of `ttl` that it had.

    Never before the last `window` (a fraction) of its TTL, always from its expiry on. In between `xfetch` draws a lead,
    and `flat` lets one reading in ten do it.
    """
    if left <= 0:
        return True
    if left > window * ttl:
        return False
    if rule == "flat":
        return random.random() < FLAT_CHANCE  # nosec B311  # as above
    return xfetch_lead(delta, beta, random) >= left
