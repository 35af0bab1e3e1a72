"""What a function's entry declares: how often its routes may be asked, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from brightspot.ratelimit import RatePolicy
from brightspot.security import Need


@dataclass(frozen=True, slots=True)
class Policy:
    """Under which name, how often (None: unlimited) and for whom, by method.

    With a limit of their `reads`, GET requests are counted apart: asking how something is takes nothing from `limit`.
    A route without parameters may have a need, and a limit in `routes`, of its own: "POST /api/auth/login".
    """

    name: str
    limit: RatePolicy | None
    needs: Need | Mapping[str, Need]
    reads: RatePolicy | None = None
    routes: Mapping[str, RatePolicy | None] = field(default_factory=dict)

    def rate(self, method: str, path: str = "") -> RatePolicy | None:
        """What limits requests of a route."""
        route = f"{method} {path}"
        if route in self.routes:
            return self.routes[route]
        return self.reads if method == "GET" and self.reads is not None else self.limit

    def need(self, method: str, path: str = "") -> Need:
        """The permission of a route; one that is not declared is not served, and needs what the strictest one does."""
        if isinstance(self.needs, str):
            return self.needs
        return self.needs.get(f"{method} {path}") or self.needs.get(method, "admin")
