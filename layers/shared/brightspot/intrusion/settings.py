"""Settings of intrusion detection: how suspicion is scored, and what a score leads to."""

from dataclasses import dataclass

from brightspot.core.settings import setting

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class IntrusionSettings:
    """Points are per signal; the first few of each kind in a window, which happen to anybody, are free."""

    enabled: bool = setting("INTRUSION_DETECTION", True, "whether suspicious clients are scored, slowed and blocked")
    allow: str = setting("INTRUSION_ALLOW", "", "addresses and CIDR networks that are never scored, with commas")
    window: int = setting(
        "INTRUSION_WINDOW_SECONDS", 600, "seconds that a signal counts at an address", least=10, most=3600
    )
    half: int = setting("INTRUSION_HALF_SCORE", 25, "score from which an address has half its rate limit", least=1)
    quarter: int = setting("INTRUSION_QUARTER_SCORE", 50, "score from which it has a quarter", least=1)
    block: int = setting("INTRUSION_BLOCK_SCORE", 100, "score from which it is blocked", least=1)
    base: int = setting(
        "INTRUSION_BLOCK_SECONDS", 60, "seconds of a first block; each one after it is twice as long", least=1
    )
    longest: int = setting("INTRUSION_BLOCK_MAX_SECONDS", _DAY, "seconds of the longest block", least=1, most=31 * _DAY)
    forget: int = setting(
        "INTRUSION_FORGET_SECONDS", 6 * 3600, "seconds without a block after which one past block is forgotten", least=1
    )
    failed_login: int = setting("INTRUSION_FAILED_LOGIN_POINTS", 5, "points of a failed login, 3 are free", least=0)
    bad_token: int = setting("INTRUSION_BAD_TOKEN_POINTS", 2, "points of a forged token or key, 3 are free", least=0)
    unknown_route: int = setting(
        "INTRUSION_UNKNOWN_ROUTE_POINTS", 2, "points of a route that is not there, 10 are free", least=0
    )
    suspicious_input: int = setting(
        "INTRUSION_INPUT_POINTS", 2, "points for each one that input protection gives, 4 are free", least=0
    )
    rate_limited: int = setting(
        "INTRUSION_RATE_LIMITED_POINTS",
        1,
        "points of a request over its limit, 30 are free, 60 points at most",
        least=0,
    )
    refresh_reuse: int = setting(
        "INTRUSION_REFRESH_REUSE_POINTS", 20, "points of a refresh token that is used twice", least=0
    )
    pair_failures: int = setting(
        "INTRUSION_PAIR_FAILURES", 10, "failed logins in an hour from which an address is kept off an account", least=1
    )
    account_tries: int = setting(
        "INTRUSION_ACCOUNT_TRIES", 50, "tries at an account that strangers together have in an hour", least=1, most=3600
    )
