"""The security score: 100 less what suspicious clients take away, with a reason for each part.

    score = max(0, 100 - sum over causes c of min(most(c), points(c) * n(c) / per(c)))

n(c) is the amount of a signal over all clients in the last ten minutes (another window is scaled to that), or how many
are blocked now. A quiet service has 100; below 70 somebody should look. Every cause is bounded, so that none but a
flood of several kinds takes all. The bounds and rates are ours, set so that one scanner that is blocked costs a few
points and a guesser with a hundred addresses, or two kinds of attack at once, costs more than 30.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

ALERT_BELOW: Final = 70
PER_SECONDS: Final = 600


class Cause(NamedTuple):
    """What takes `points` for each `per` of it, at most `most`; `advice` is what to do about it."""

    points: float
    per: float
    most: float
    what: str
    advice: str


class Reason(NamedTuple):
    """What one cause takes away."""

    cause: str
    amount: float
    points: float
    text: str
    advice: str


CAUSES: Final[Mapping[str, Cause]] = {
    "failed_login": Cause(1, 3, 30, "failed logins", "look at who fails, and whether many addresses try few accounts"),
    "bad_token": Cause(1, 5, 15, "forged tokens or keys", "make sure that no key for signing was rotated too fast"),
    "unknown_route": Cause(1, 20, 10, "requests for routes that are not there", "nothing, unless they go on"),
    "suspicious_input": Cause(1, 20, 20, "points for inputs like attacks", "consider INPUT_PROTECTION_BLOCK=true"),
    "rate_limited": Cause(1, 100, 5, "requests over their limit", "ask the client to wait as Retry-After says"),
    "refresh_reuse": Cause(5, 1, 20, "refresh tokens used twice", "have the accounts' holders change their passwords"),
    "blocked_addresses": Cause(2, 1, 20, "addresses that are blocked", "look at the blocks; lift what is no attack"),
    "blocked_pairs": Cause(1, 1, 10, "addresses kept off an account", "look at the blocks; lift what is no attack"),
    "attacked_accounts": Cause(10, 1, 20, "accounts that strangers wait for", "tell their holders"),
}


class SecurityScore(NamedTuple):
    """0 to 100, and what took from 100, most first."""

    score: float
    reasons: list[Reason]

    @property
    def alert(self) -> bool:
        return self.score < ALERT_BELOW


def security_score(amounts: Mapping[str, float], window_seconds: float) -> SecurityScore:
    """`amounts` by cause: signals in the window, and those that are blocked now. Unknown causes take nothing."""
    reasons = []
    for name, cause in CAUSES.items():
        scale = 1.0 if name.startswith(("blocked_", "attacked_")) else PER_SECONDS / window_seconds
        amount = amounts.get(name, 0) * scale
        lost = round(min(cause.most, cause.points * amount / cause.per), 1)
        if lost > 0:
            reasons.append(Reason(name, round(amount, 1), lost, f"{amount:g} {cause.what}", cause.advice))
    reasons.sort(key=lambda each: (-each.points, each.cause))
    return SecurityScore(max(0.0, round(100 - sum(each.points for each in reasons), 1)), reasons)
