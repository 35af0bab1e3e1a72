"""One request at its limits: by address, and by user or API key where a checked one says who is calling."""

import logging
from dataclasses import replace

from brightspot.ratelimit import Decision, Limiter, Pending, Quota, RatePolicy, subject_of
from brightspot.security import ANONYMOUS, Caller
from brightspot.valkey import StoreUnavailable, Trip, Valkey

_log = logging.getLogger(__name__)


class Limiting:
    """Asked on the gate's trip, or decided in this process when there is no trip or it came to nothing.

    The caller must be one whose token was checked: whoever could be counted under a name that is only claimed would
    use up another's limit, or leave their own behind with a name made up for each request.
    """

    def __init__(
        self, limiter: Limiter, policy: RatePolicy | None, client: str, caller: Caller, valkey: Valkey | None
    ) -> None:
        self._limiter = limiter
        self._policy = policy
        self._quotas = [] if policy is None else _quotas(policy, client, caller)
        self._valkey = valkey
        self._pending: Pending | None = None

    def ask(self, trip: Trip) -> None:
        """Put the question on the trip."""
        if self._quotas:
            self._pending = self._limiter.ask_all(trip, self._quotas)

    def decide(self, *, travelled: bool, divisor: int = 1) -> Decision | None:
        """The strictest answer; None when nothing limits the request. Here, when the trip told none.

        A client that is suspicious has a `divisor`-th of its address's limit, which takes a trip more.
        """
        if self._policy is None:
            return None
        if not travelled:
            self._pending = None
        decision = self._decide(self._pending, 1)
        if divisor == 1 or self._pending is None or self._valkey is None:
            return decision
        return self._tightened(decision, self._pending, self._valkey.trip(), divisor)

    def _tightened(self, decision: Decision, pending: Pending, trip: Trip, divisor: int) -> Decision:
        """What was counted is given back and counted anew under less; where that fails, `decision` holds.

        The limit of its user stays: whoever shares an address with an attacker is slowed there and nowhere else.
        """
        assert self._policy is not None  # noqa: S101  # nosec B101  # `decide` has looked
        (first, *others), least = self._quotas, self._policy.computed
        limit = replace(first.limit, count=max(least, first.limit.count // divisor))
        quotas = [first._replace(limit=limit), *others]
        try:
            pending.undo(trip)
            again = self._limiter.ask_all(trip, quotas)
            trip.run()
            decision = again.decide()
        except StoreUnavailable:
            return decision
        self._quotas, self._pending = quotas, again
        return decision

    def compute(self) -> Decision | None:
        """Count what an answer that must be computed weighs beyond a kept one, before the work is done.

        None when it weighs no more. A refusal gives back what `decide` had counted, so that it costs nothing.
        """
        if self._policy is None or self._policy.computed == 1:
            return None
        first, weight = self._pending, self._policy.computed - 1
        decision = self._decide(self._travel(weight), weight)
        if not decision.allowed and first is not None:
            try:
                first.give_back()
            except StoreUnavailable:
                _log.warning("rate_limit_refund_failed", extra={"policy": self._policy.name})
        return decision

    def _travel(self, weight: int) -> Pending | None:
        if self._valkey is None:
            return None
        trip = self._valkey.trip()
        pending = self._limiter.ask_all(trip, self._quotas, weight)
        try:
            trip.run()
        except StoreUnavailable:
            return None
        return pending

    def _decide(self, pending: Pending | None, weight: int) -> Decision:
        assert self._policy is not None  # noqa: S101  # nosec B101  # both callers have looked
        if pending is not None:
            try:
                return pending.decide()
            except StoreUnavailable as error:
                _log.warning("rate_limit_unanswered", extra={"policy": self._policy.name, "reason": str(error)})
        fail_open = self._valkey is not None and self._policy.away == "open"
        return self._limiter.local_all(self._quotas, weight, fail_open=fail_open)


def has_room(limiter: Limiter, policy: RatePolicy, client: str, valkey: Valkey | None) -> bool:
    """Whether an address may ask once more; nothing is counted. A round trip of its own."""
    asked = _quotas(policy, client, ANONYMOUS)
    if valkey is None:
        return limiter.local_peek(asked).allowed
    trip = valkey.trip()
    pending = limiter.peek(trip, asked)
    try:
        trip.run()
        return pending.decide().allowed
    except StoreUnavailable:
        return policy.away == "open" or limiter.local_peek(asked).allowed


def _quotas(policy: RatePolicy, client: str, caller: Caller) -> list[Quota]:
    asked = [Quota(policy.name, policy.limit, subject_of(client))]
    if caller.key is not None:  # by itself: neither its account nor another key of it has less for it
        asked.append(Quota(f"{policy.name}-key", policy.per_user, f"{caller.tenant}/{caller.key}"))
    elif caller.subject is not None:  # a tenant's name holds no slash, so no two users share this text
        asked.append(Quota(f"{policy.name}-user", policy.per_user, f"{caller.tenant}/{caller.subject}"))
    return asked
