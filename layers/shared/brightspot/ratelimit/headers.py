"""A decision as HTTP headers: the X-RateLimit ones that clients parse, and the IETF draft's fields."""

from math import ceil

from brightspot.ratelimit.decision import Decision


def headers(decision: Decision) -> dict[str, str]:
    """X-RateLimit-Limit, -Remaining, -Reset (Unix seconds); RateLimit-Policy and RateLimit; Retry-After when refused.

    The latter pair follows draft-ietf-httpapi-ratelimit-headers-11: lists (RFC 9651) with an item for each policy, of
    quota `q` in a window of `w` seconds, with `r` remaining and `t` seconds until more is free. The X-RateLimit ones
    tell the strictest policy. All times are rounded up, so whoever waits passes. Where nobody counted, only the
    policies are told.
    """
    told = {
        "X-RateLimit-Limit": str(decision.limit.count),
        "RateLimit-Policy": ", ".join(
            f'"{each.policy}";q={each.limit.count};w={ceil(each.limit.seconds)}' for each in decision.standings
        ),
    }
    if not decision.counted:
        return told
    told["X-RateLimit-Remaining"] = str(decision.remaining)
    told["X-RateLimit-Reset"] = str(decision.reset_epoch_seconds)
    told["RateLimit"] = ", ".join(
        f'"{each.policy}";r={each.remaining};t={ceil(each.reset_after_seconds)}' for each in decision.standings
    )
    if not decision.allowed:
        told["Retry-After"] = str(max(1, ceil(decision.retry_after_seconds)))
    return told
