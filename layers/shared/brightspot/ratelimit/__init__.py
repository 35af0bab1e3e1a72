"""Rate limits: at most N in any window, counted once for all instances, told in the headers clients know."""

from brightspot.ratelimit.decision import Decision
from brightspot.ratelimit.headers import headers
from brightspot.ratelimit.limit import Limit, per_minute
from brightspot.ratelimit.limiter import Limiter, Pending
from brightspot.ratelimit.policy import Declared, RatePolicy, configured
from brightspot.ratelimit.quota import Quota
from brightspot.ratelimit.settings import RateLimitSettings
from brightspot.ratelimit.subject import subject_of

__all__ = [
    "Decision",
    "Declared",
    "Limit",
    "Limiter",
    "Pending",
    "Quota",
    "RateLimitSettings",
    "RatePolicy",
    "configured",
    "headers",
    "per_minute",
    "subject_of",
]
