"""What every request passes before the app: limits, token, answer cache, in this order and in one round trip."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from brightspot.cache import Hit, Lookup, Since, TieredCache
from brightspot.http.problems import Problem
from brightspot.ratelimit import Decision, Limit, Limiter, Pending, headers, subject_of
from brightspot.security import ANONYMOUS, AccessRefused, Caller, Guard, Need, TokenRefused
from brightspot.security.claimed import claimed_tenant
from brightspot.valkey import StoreUnavailable, Trip, Valkey

_log = logging.getLogger(__name__)


class KeptAnswers(Protocol):
    """What the gate must know of answers that it may give itself."""

    @property
    def namespace(self) -> str: ...

    def key_of(self, body: bytes, tenant: str) -> str | None: ...

    def ttl_seconds(self) -> float: ...

    def is_whole(self, answer: bytes) -> bool: ...

    def replayed(self, answer: bytes, hit: Hit) -> bytes: ...


class Rider(Protocol):
    """Something that reads shared state on the same round trip, for the app to use later: breaker states."""

    def ask(self, trip: Trip) -> None: ...


@dataclass(frozen=True, slots=True)
class Policy:
    """What a function's entry declares: under which name, how often (None: unlimited) and for whom, by method."""

    name: str
    limit: Limit | None
    needs: Need | Mapping[str, Need]

    def need(self, method: str) -> Need:
        """The permission of a method; one that is not declared is not served, and needs what the strictest one does."""
        if isinstance(self.needs, str):
            return self.needs
        return self.needs.get(method, "admin")


@dataclass(frozen=True, slots=True)
class Asked:
    """The part of a request that the gate looks at; `authorization` is that header, None when it was not sent."""

    method: str
    client: str
    authorization: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Passage:
    """What became of a request: refused by `problem`, answered by `answer`, or let through as `caller`.

    `headers` go on whatever is answered. `key` and `since` are what keeping the app's answer takes.
    """

    headers: Mapping[str, str]
    problem: Problem | None = None
    answer: bytes | None = None
    caller: Caller = ANONYMOUS
    key: str | None = None
    since: Since | None = None


class Gate:
    """One per function. When the store is away, reads pass unlimited and what this process holds answers."""

    def __init__(
        self,
        policy: Policy,
        *,
        valkey: Valkey | None,
        limiter: Limiter,
        guard: Guard,
        cache: TieredCache,
        kept: KeptAnswers | None = None,
        rider: Rider | None = None,
    ) -> None:
        self.policy = policy
        self._valkey = valkey
        self._limiter = limiter
        self._guard = guard
        self._cache = cache
        self._kept = kept
        self._rider = rider

    def enter(self, asked: Asked) -> Passage:
        """Decide about one request."""
        tenant = claimed_tenant(asked.authorization)
        key = self._kept.key_of(asked.body, tenant) if self._kept is not None and asked.method == "POST" else None
        subject = subject_of(asked.client)
        pending, lookup = self._travel(subject, key)
        decision = self._decide(pending, subject)
        told = {} if decision is None else headers(decision)
        if decision is not None and not decision.allowed:
            return Passage(told, _too_many(decision))
        try:
            caller = self._guard.admit(self.policy.need(asked.method), asked.authorization)
        except AccessRefused as refused:
            return Passage(told, _refused(refused))
        if caller.tenant != tenant:  # a public route looks at no token, so what one claims counts for nothing there
            key = None
        hit, since = self._find(key, lookup)
        if hit is not None and self._kept is not None:
            return Passage(told, answer=self._kept.replayed(hit.value, hit), caller=caller)
        return Passage(told, caller=caller, key=key, since=since)

    def keep(self, passage: Passage, answer: bytes) -> None:
        """Keep what the app answered, before it leaves."""
        if self._kept is not None and passage.key is not None and self._kept.is_whole(answer):
            ttl = self._kept.ttl_seconds()
            self._cache.put(self._kept.namespace, passage.key, answer, ttl, since=passage.since)

    def _travel(self, subject: str, key: str | None) -> tuple[Pending | None, Lookup | None]:
        if self._valkey is None:
            return None, None
        trip, limit = self._valkey.trip(), self.policy.limit
        pending = None if limit is None else self._limiter.ask(trip, self.policy.name, limit, [subject])
        lookup = self._cache.ask(trip, self._kept.namespace, key) if self._kept is not None and key else None
        if self._rider is not None and not (lookup is not None and lookup.likely):
            self._rider.ask(trip)  # an answer that is as good as found needs no more
        try:
            trip.run()
        except StoreUnavailable:
            return None, None
        return pending, lookup

    def _decide(self, pending: Pending | None, subject: str) -> Decision | None:
        if self.policy.limit is None:
            return None
        if pending is not None:
            try:
                return pending.decide()
            except StoreUnavailable as error:
                _log.warning("rate_limit_unanswered", extra={"policy": self.policy.name, "reason": str(error)})
        fail_open = self._valkey is not None
        return self._limiter.local(self.policy.name, self.policy.limit, [subject], fail_open=fail_open)

    def _find(self, key: str | None, lookup: Lookup | None) -> tuple[Hit | None, Since | None]:
        if key is None or self._kept is None:
            return None, None
        if lookup is not None:
            try:
                return lookup.found(), lookup.since()
            except StoreUnavailable as error:
                _log.warning("cache_unanswered", extra={"namespace": self._kept.namespace, "reason": str(error)})
        return self._cache.held(self._kept.namespace, key), None


def _too_many(decision: Decision) -> Problem:
    return Problem(429, "Rate limit exceeded", str(decision.limit), error_class="rate_limit")


def _refused(refused: AccessRefused) -> Problem:
    if isinstance(refused, TokenRefused):
        _log.warning("token_refused", extra={"reason": refused.reason})
    title = "Forbidden" if refused.status == 403 else "Authentication required"  # noqa: PLR2004  # HTTP's own number
    challenge = {"WWW-Authenticate": refused.challenge}
    return Problem(refused.status, title, str(refused), error_class="authentication", headers=challenge)
