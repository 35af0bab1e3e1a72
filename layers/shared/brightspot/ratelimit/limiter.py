"""Limits counted once for all instances, as questions on a round trip that others share."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from brightspot.core.clock import Clock
from brightspot.ratelimit.asked import Asked
from brightspot.ratelimit.decision import Count, Decision, Told, strictest
from brightspot.ratelimit.limit import Limit
from brightspot.ratelimit.local import LocalLog
from brightspot.ratelimit.quota import Quota, quotas
from brightspot.valkey import Answer, StoreUnavailable, Trip, Valkey

_log = logging.getLogger(__name__)


class Limiter:
    """Asks the shared store; `local` is for when it cannot be reached.

    With one subject a request that is refused consumes nothing. With several, each is counted by itself (its key has
    a slot of its own) and a refusal gives back at once what the others had counted; a concurrent request of those
    that arrives in between, at the very edge of its limit, may be refused though it would have fitted. More than the
    limit never passes the exact log; docs/rate-limits.md says what GCRA's bound is then.
    """

    def __init__(self, valkey: Valkey | None, clock: Clock) -> None:
        self._valkey = valkey
        self._clock = clock
        self._local = LocalLog(clock)

    def ask(self, trip: Trip, policy: str, limit: Limit, subjects: Sequence[str], weight: int = 1) -> "Pending":
        """Check and count `weight` units of one limit at every subject. Read the answer after the trip.

        Raises ValueError for a policy name other than [a-z0-9_-], no subject, or a weight that can never pass.
        """
        return self.ask_all(trip, quotas(policy, limit, subjects), weight)

    def ask_all(self, trip: Trip, asked: Sequence[Quota], weight: int = 1) -> "Pending":
        """As `ask`, of limits that may differ."""
        return Pending(self, [(each, each.add(trip)) for each in _asked(asked, weight)])

    def peek(self, trip: Trip, asked: Sequence[Quota], weight: int = 1) -> "Pending":
        """Whether `weight` units would pass now, and when; nothing is counted, and what is left is told as it is."""
        return Pending(self, [(each, each.add_peek(trip)) for each in _asked(asked, weight)], counting=False)

    def local(
        self, policy: str, limit: Limit, subjects: Sequence[str], weight: int = 1, *, fail_open: bool
    ) -> Decision:
        """Decide without the store: everything passes, or this process counts alone (always by the exact log)."""
        return self.local_all(quotas(policy, limit, subjects), weight, fail_open=fail_open)

    def local_all(self, asked: Sequence[Quota], weight: int = 1, *, fail_open: bool) -> Decision:
        """As `local`, of limits that may differ."""
        each = _asked(asked, weight)
        if fail_open:
            at = int(self._clock.now().timestamp() * 1_000_000)
            counts = [Count(True, one.quota.limit.count, 0, at) for one in each]
        else:
            counts = self._local.take([(one.key, one.quota.limit) for one in each], weight)
        return strictest(_told(each, counts), counted=not fail_open)

    def local_peek(self, asked: Sequence[Quota], weight: int = 1) -> Decision:
        """As `peek`, of what this process counted alone."""
        each = _asked(asked, weight)
        return strictest(_told(each, self._local.peek([(one.key, one.quota.limit) for one in each], weight)))

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
    """The answer of one question, to be read once its trip has run."""

    def __init__(self, limiter: Limiter, asked: Sequence[tuple[Asked, Answer]], *, counting: bool = True) -> None:
        self._limiter = limiter
        self._asked = asked
        self._counting = counting

    def decide(self) -> Decision:
        """The strictest subject's answer; a refusal gives back what the others counted, in a trip of its own.

        Raises StoreUnavailable when the store did not answer: use `Limiter.local` then.
        """
        counted = self._counts()
        if self._counting and not all(count.allowed for _, count in counted):
            self._limiter.give_back([(asked, count) for asked, count in counted if count.allowed])
            counted = [(asked, _without(count, asked.weight)) for asked, count in counted]
        return strictest(_told([asked for asked, _ in counted], [count for _, count in counted]))

    def undo(self, trip: Trip) -> None:
        """Give back on a trip what `decide` let pass. Raises StoreUnavailable when the store did not answer."""
        counted = self._counts()
        if all(count.allowed for _, count in counted):
            for asked, count in counted:
                asked.add_refund(trip, count)

    def give_back(self) -> None:
        """Undo a pass. Raises StoreUnavailable when the store did not answer."""
        self._limiter.give_back([(asked, count) for asked, count in self._counts() if count.allowed])

    def _counts(self) -> list[tuple[Asked, Count]]:
        return [(asked, _count(answer)) for asked, answer in self._asked]


def _asked(quota: Sequence[Quota], weight: int) -> list[Asked]:
    if not quota or not 1 <= weight <= min(each.limit.count for each in quota):
        raise ValueError(f"{weight} of {', '.join(str(each.limit) for each in quota)} can never pass")
    return [Asked(each, weight) for each in quota]


def _told(asked: Sequence[Asked], counts: Sequence[Count]) -> list[Told]:
    return [Told(each.quota.policy, each.quota.limit, count) for each, count in zip(asked, counts, strict=True)]


def _without(count: Count, weight: int) -> Count:
    """What is left once a pass is given back."""
    return replace(count, remaining=count.remaining + weight) if count.allowed else count


def _count(answer: Answer) -> Count:
    value = answer.value
    if value is None:
        raise StoreUnavailable("the trip of this question has not run")
    allowed, remaining, wait, at = value
    return Count(bool(allowed), remaining, wait, at)
