"""Limits counted once for all instances, as questions on a round trip that others share."""

import logging
import re
from collections.abc import Sequence

from brightspot.core.clock import Clock
from brightspot.ratelimit.asked import Asked
from brightspot.ratelimit.decision import Count, Decision, strictest
from brightspot.ratelimit.limit import Limit
from brightspot.ratelimit.local import LocalLog
from brightspot.ratelimit.subject import key_safe
from brightspot.valkey import Answer, StoreUnavailable, Trip, Valkey

_POLICY = re.compile(r"[a-z0-9_-]{1,40}")
_log = logging.getLogger(__name__)


class Limiter:
    """Asks the shared store; `local` is for when it cannot be reached.

    With one subject a request that is refused consumes nothing. With several, each is counted by itself (its key has
    a slot of its own) and a refusal gives back at once what the others had counted; a concurrent request of those
    that arrives in between, at the very edge of its limit, may be refused though it would have fitted. More than the
    limit never passes.
    """

    def __init__(self, valkey: Valkey | None, clock: Clock) -> None:
        self._valkey = valkey
        self._clock = clock
        self._local = LocalLog(clock)

    def ask(self, trip: Trip, policy: str, limit: Limit, subjects: Sequence[str], weight: int = 1) -> "Pending":
        """Check and count `weight` units at every subject. Read the answer after the trip.

        Raises ValueError for a policy name other than [a-z0-9_-], no subject, or a weight that can never pass.
        """
        asked = _asked(policy, limit, subjects, weight)
        return Pending(self, policy, [(each, each.add(trip)) for each in asked])

    def local(
        self, policy: str, limit: Limit, subjects: Sequence[str], weight: int = 1, *, fail_open: bool
    ) -> Decision:
        """Decide without the store: everything passes, or this process counts alone (always by the exact log)."""
        asked = _asked(policy, limit, subjects, weight)
        if fail_open:
            at = int(self._clock.now().timestamp() * 1_000_000)
            return strictest(policy, limit, [Count(True, limit.count, 0, at)])
        return strictest(policy, limit, self._local.take([each.key for each in asked], limit, weight))

    def give_back(self, taken: Sequence[tuple[Asked, Count]]) -> None:
        """Undo what was counted. Where that fails, it costs the subject these units for one window at most."""
        if self._valkey is None or not taken:
            return
        trip = self._valkey.trip()
        for asked, count in taken:
            asked.add_refund(trip, count)
        try:
            trip.run()
        except StoreUnavailable as error:
            _log.warning("rate_limit_refund_failed", extra={"subjects": len(taken), "error": str(error)})


class Pending:
    """The answer of one `ask`, to be read once its trip has run."""

    def __init__(self, limiter: Limiter, policy: str, asked: Sequence[tuple[Asked, Answer]]) -> None:
        self._limiter = limiter
        self._policy = policy
        self._asked = asked

    def decide(self) -> Decision:
        """The strictest subject's answer; a refusal gives back what the others counted, in a trip of its own.

        Raises StoreUnavailable when the store did not answer: use `Limiter.local` then.
        """
        counted = [(asked, _count(answer)) for asked, answer in self._asked]
        decision = strictest(self._policy, self._asked[0][0].limit, [count for _, count in counted])
        if not decision.allowed:
            self._limiter.give_back([(asked, count) for asked, count in counted if count.allowed])
        return decision


def _asked(policy: str, limit: Limit, subjects: Sequence[str], weight: int) -> list[Asked]:
    if not _POLICY.fullmatch(policy):
        raise ValueError(f"a policy name is made of a-z, 0-9, _ and -, not {policy!r}")
    if not subjects or not 1 <= weight <= limit.count:
        raise ValueError(f"{weight} of {limit} for {len(subjects)} subjects can never pass")
    return [Asked(f"{policy}:{key_safe(each)}", limit, weight) for each in dict.fromkeys(subjects)]


def _count(answer: Answer) -> Count:
    value = answer.value
    if value is None:
        raise StoreUnavailable("the trip of this question has not run")
    allowed, remaining, wait, at = value
    return Count(bool(allowed), remaining, wait, at)
