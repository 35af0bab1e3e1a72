"""What security monitoring tells."""

from typing import Literal

import msgspec

Kind = Literal["address", "account", "pair"]


class SuspiciousClient(msgspec.Struct, frozen=True):
    """One client address (the /64 of an IPv6 one), account, or pair of both, that is scored or blocked.

    `score` is the sum of `points`, which say why; `signals` are what was counted in the last window (of accounts and
    pairs an hour), free ones included. `blocks` are those so far that are not forgotten. `rate_limit_divisor` is what
    the rate limit of an address is divided by. Times are RFC 3339.
    """

    kind: Kind
    client: str | None
    account: str | None
    score: int
    points: dict[str, int]
    signals: dict[str, int]
    blocks: int
    blocked_until: str | None
    last_seen_at: str | None
    rate_limit_divisor: int


class Block(msgspec.Struct, frozen=True):
    """One block, which ends by itself in `seconds_left`; `number` is how many there were until now.

    An `address` is refused everything, a `pair` keeps an address off an account.
    """

    kind: Kind
    client: str | None
    account: str | None
    until: str
    seconds_left: int
    number: int
    signals: dict[str, int]


class Blocks(msgspec.Struct, frozen=True):
    """All blocks over all instances, longest first."""

    count: int
    blocks: list[Block]


class Unblocked(msgspec.Struct, frozen=True):
    """What was lifted and forgotten of a client, as kind:client+account."""

    client: str
    lifted: list[str]


class ScoreReason(msgspec.Struct, frozen=True):
    """What takes `points` from 100; `amount` is in ten minutes, or of what is blocked now."""

    cause: str
    amount: float
    points: float
    text: str


class FailedLogins(msgspec.Struct, frozen=True):
    """`count` over all clients in the window; accounts that failed most in the last hour, with how often.

    `attacked` are those for which strangers have used up their tries.
    """

    count: int
    accounts: dict[str, int]
    attacked: list[str]


class DynamicLimit(msgspec.Struct, frozen=True):
    """A client whose rate limit is divided by `divisor` until its score falls."""

    client: str
    divisor: int


class SecurityMonitoring(msgspec.Struct, frozen=True):
    """Security over all instances at `at`.

    `security_score` is 100 less the points of each of `reasons`; `alert` says that it is below `alert_below`. `signals`
    are counts of the last `window_seconds`, of inputs their points; `addresses` and `accounts` those that score most.
    While nobody can say, both are null, as are the counts, and `reason` says why.
    """

    at: str | None
    window_seconds: int
    security_score: float | None
    alert_below: int
    alert: bool | None
    reasons: list[ScoreReason]
    signals: dict[str, int] | None
    failed_logins: FailedLogins | None
    addresses: list[SuspiciousClient]
    accounts: list[SuspiciousClient]
    dynamic_limits: list[DynamicLimit]
    blocks: Blocks | None
    recommendations: list[str]
    reason: str | None = None
