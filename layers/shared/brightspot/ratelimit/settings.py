"""Settings of the default limit, for all that no route limits itself."""

from dataclasses import dataclass

from brightspot.core.errors import SettingsError
from brightspot.core.settings import setting
from brightspot.ratelimit.limit import Limit, per_minute
from brightspot.ratelimit.policy import limit_of

_WINDOW_MS = 60_000
_PER_MINUTE = 100


@dataclass(frozen=True, slots=True)
class RateLimitSettings:
    """RATE_LIMIT_DEFAULT wins over those below it, a policy's own over all.

    MAX_REQUESTS_PER_MINUTE and RATE_LIMIT_MAX_REQUESTS are two names of one thing: where both are set, they must agree.
    """

    enabled: bool = setting(
        "RATE_LIMIT_ENABLED",
        True,
        "whether requests are limited at all",
        off="requests are not limited, logins neither",
    )
    written: str = setting("RATE_LIMIT_DEFAULT", "", "the default limit, like 100/60 or 30 per 1 minute")
    requests: int = setting("RATE_LIMIT_MAX_REQUESTS", 0, "requests in one window; 0: as the next one says", least=0)
    requests_per_minute: int = setting(
        "MAX_REQUESTS_PER_MINUTE", 0, f"requests in a minute; 0: {_PER_MINUTE}, or as the one above says", least=0
    )
    window_ms: int = setting(
        "RATE_LIMIT_WINDOW_MS", _WINDOW_MS, "milliseconds of the window of RATE_LIMIT_MAX_REQUESTS", least=1000
    )

    @property
    def default(self) -> Limit:
        """Raises SettingsError when RATE_LIMIT_DEFAULT names no limit, or two names of the limit disagree."""
        self._check()
        if self.written:
            return limit_of("RATE_LIMIT_DEFAULT", self.written)
        if self.requests:
            return Limit(self.requests, self.window_ms / 1000)
        if self.window_ms == _WINDOW_MS or self.requests_per_minute:
            return per_minute(self.requests_per_minute or _PER_MINUTE)
        return Limit(_PER_MINUTE, self.window_ms / 1000)

    def _check(self) -> None:
        """Rates are compared, so that 100 a minute and 50 in 30 seconds are the same."""
        per_minute, requests = self.requests_per_minute, self.requests
        if per_minute and requests and per_minute * self.window_ms != requests * _WINDOW_MS:
            raise SettingsError(
                f"MAX_REQUESTS_PER_MINUTE={per_minute} and RATE_LIMIT_MAX_REQUESTS={requests} in "
                f"RATE_LIMIT_WINDOW_MS={self.window_ms} disagree: set one of them, or both alike"
            )
