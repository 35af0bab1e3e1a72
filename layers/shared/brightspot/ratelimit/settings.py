"""Settings of the default limit, for all that no route limits itself."""

from dataclasses import dataclass

from brightspot.core.settings import setting
from brightspot.ratelimit.limit import Limit, per_minute
from brightspot.ratelimit.policy import limit_of

_WINDOW_MS = 60_000


@dataclass(frozen=True, slots=True)
class RateLimitSettings:
    """RATE_LIMIT_DEFAULT wins over the two below it, they over MAX_REQUESTS_PER_MINUTE; a policy's own over all."""

    enabled: bool = setting("RATE_LIMIT_ENABLED", True, "whether requests are limited at all")
    written: str = setting("RATE_LIMIT_DEFAULT", "", "the default limit, like 100/60 or 30 per 1 minute")
    requests: int = setting("RATE_LIMIT_MAX_REQUESTS", 0, "requests in one window; 0: as the next one says", least=0)
    requests_per_minute: int = setting("MAX_REQUESTS_PER_MINUTE", 100, "requests in a minute", least=1)
    window_ms: int = setting("RATE_LIMIT_WINDOW_MS", _WINDOW_MS, "milliseconds of one window", least=1000)

    @property
    def default(self) -> Limit:
        """Raises SettingsError when RATE_LIMIT_DEFAULT names no limit."""
        if self.written:
            return limit_of("RATE_LIMIT_DEFAULT", self.written)
        if not self.requests and self.window_ms == _WINDOW_MS:
            return per_minute(self.requests_per_minute)
        return Limit(self.requests or self.requests_per_minute, self.window_ms / 1000)
