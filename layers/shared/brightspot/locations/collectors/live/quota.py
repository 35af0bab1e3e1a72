"""How often a provider may be asked, counted over all instances, or in this process while the store is away."""

import time
from collections.abc import Callable

from brightspot.locations.collectors.live.errors import QuotaUsedUp
from brightspot.locations.collectors.live.facts import Facts
from brightspot.ratelimit import Decision, Limit, Limiter
from brightspot.resilience import Deadline
from brightspot.valkey import StoreUnavailable, Valkey

_LONGEST_WAIT_SECONDS = 3.0


class Quota:
    """One provider's limits. Safe to share between threads."""

    def __init__(
        self, facts: Facts, valkey: Valkey | None, limiter: Limiter, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._limits = [(f"live-{facts.id.replace('_', '-')}-{at}", each) for at, each in enumerate(facts.limits)]
        self._subject = facts.id
        self._valkey = valkey
        self._limiter = limiter
        self._sleep = sleep

    def take(self, deadline: Deadline) -> None:
        """Count one request; wait for its turn when that is near. Raises QuotaUsedUp when it is not."""
        for policy, limit in self._limits:
            decision = self._ask(policy, limit)
            while not decision.allowed:
                wait = decision.retry_after_seconds
                if wait >= min(_LONGEST_WAIT_SECONDS, deadline.remaining()):
                    raise QuotaUsedUp(f"its limit of {limit} is used up")
                self._sleep(wait)
                decision = self._ask(policy, limit)

    def _ask(self, policy: str, limit: Limit) -> Decision:
        if self._valkey is None:
            return self._limiter.local(policy, limit, [self._subject], fail_open=False)
        trip = self._valkey.trip()
        pending = self._limiter.ask(trip, policy, limit, [self._subject])
        try:
            trip.run()
            return pending.decide()
        except StoreUnavailable:
            return self._limiter.local(policy, limit, [self._subject], fail_open=False)
