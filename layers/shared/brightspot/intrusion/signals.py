"""What makes a client suspicious, and what it weighs.

The score of a subject is, over all signals s with the amount n(s) in the window,
sum of min(most(s), points(s) * max(0, n(s) - free(s))).
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args

from brightspot.intrusion.settings import IntrusionSettings

Signal = Literal["failed_login", "bad_token", "unknown_route", "suspicious_input", "rate_limited", "refresh_reuse"]
SIGNALS: Final[tuple[Signal, ...]] = get_args(Signal)
BUCKETS: Final = 10  # a window is so many; what is in the oldest one leaves at once
_NO_END: Final = 1_000_000


class Seen(NamedTuple):
    """One signal: `amount` is 1, or the score that input protection gave; `account` whom it aims at."""

    signal: Signal
    amount: int = 1
    account: str | None = None


class Weight(NamedTuple):
    """What a signal scores: `points` for each beyond those that are `free`, at most `most`."""

    points: int
    free: int = 0
    most: int = _NO_END


Weights = Mapping[Signal, Weight]


def address_weights(settings: IntrusionSettings) -> dict[Signal, Weight]:
    """At an address. Limit hits alone slow it down and never block it: `most` is below what blocks."""
    return {
        "failed_login": Weight(settings.failed_login, 3),
        "bad_token": Weight(settings.bad_token, 3),
        "unknown_route": Weight(settings.unknown_route, 10),
        "suspicious_input": Weight(settings.suspicious_input, 4),
        "rate_limited": Weight(settings.rate_limited, 30, min(60, settings.block - 1)),
        "refresh_reuse": Weight(settings.refresh_reuse),
    }


FAILURES: Final[Weights] = {"failed_login": Weight(1)}  # at an account, and at an address for one account


def points(amounts: Mapping[str, int], weights: Weights) -> dict[str, int]:
    """What each signal adds to the score; those that add nothing are left out."""
    each: dict[str, int] = {
        name: min(weight.most, weight.points * max(0, amounts.get(name, 0) - weight.free))
        for name, weight in weights.items()
    }
    return {name: value for name, value in each.items() if value}


def amounts_in(window: bytes, newest: int) -> dict[str, int]:
    """What a kept window holds, `newest` being the number of the bucket that it is filled in now."""
    found: dict[str, int] = {}
    for entry in window.decode().split():
        number, _, rest = entry.partition(":")
        signal, _, amount = rest.partition("=")
        if int(number) > newest - BUCKETS:
            found[signal] = found.get(signal, 0) + int(amount)
    return found
