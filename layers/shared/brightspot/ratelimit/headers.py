"""A decision as HTTP headers: the X-RateLimit ones that clients parse, and the IETF draft's fields."""

from math import ceil

from brightspot.ratelimit.decision import Decision


def headers(decision: Decision) -> dict[str, str]:
    """X-RateLimit-Limit, -Remaining, -Reset (Unix seconds); RateLimit-Policy and RateLimit; Retry-After when refused.

    The latter pair follows draft-ietf-httpapi-ratelimit-headers-11: structured fields with quota `q` in a window of
    `w` seconds, `r` remaining and `t` seconds until more is free. All times are rounded up, so whoever waits passes.
    """
    policy, limit = decision.policy, decision.limit
    told = {
        "X-RateLimit-Limit": str(limit.count),
        "X-RateLimit-Remaining": str(decision.remaining),
        "X-RateLimit-Reset": str(decision.reset_epoch_seconds),
        "RateLimit-Policy": f'"{policy}";q={limit.count};w={ceil(limit.seconds)}',
        "RateLimit": f'"{policy}";r={decision.remaining};t={ceil(decision.reset_after_seconds)}',
    }
    if not decision.allowed:
        told["Retry-After"] = str(max(1, ceil(decision.retry_after_seconds)))
    return told
