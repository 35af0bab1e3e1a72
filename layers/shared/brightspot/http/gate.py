"""What every request passes before the app: limits, token, answer cache, in this order and in one round trip."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from brightspot.cache import Hit, Lookup, Since, TieredCache
from brightspot.core.errors import InputRefused
from brightspot.http.problems import Problem
from brightspot.ratelimit import Decision, Limit, Limiter, Pending, headers, subject_of
from brightspot.resilience import Deadline
from brightspot.security import ANONYMOUS, AccessRefused, Caller, Guard, Need, TokenRefused
from brightspot.security.claimed import claimed_tenant
from brightspot.telemetry import CACHE_HITS, CACHE_MISSES, count
from brightspot.valkey import StoreUnavailable, Trip, Valkey

_log = logging.getLogger(__name__)


class KeptAnswers(Protocol):
    """What the gate must know of answers that it may give itself: to a body that has a key, from the cache or new."""

    @property
    def namespace(self) -> str: ...

    def key_of(self, body: bytes, tenant: str) -> str | None: ...

    def ttl_seconds(self) -> float: ...

    def made(self, body: bytes, deadline: Deadline) -> bytes: ...

    def is_whole(self, answer: bytes) -> bool: ...

    def tags_of(self, answer: bytes) -> Sequence[str]: ...

    def replayed(self, answer: bytes, hit: Hit) -> bytes: ...


class Rider(Protocol):
    """Something that reads shared state on the same round trip, for the app to use later: breaker states."""

    def ask(self, trip: Trip) -> None: ...


@dataclass(frozen=True, slots=True)
class Policy:
    """What a function's entry declares: under which name, how often (None: unlimited) and for whom, by method.

    With a limit of their `reads`, GET requests are counted apart: asking how something is takes nothing from `limit`.
    """

    name: str
    limit: Limit | None
    needs: Need | Mapping[str, Need]
    reads: Limit | None = None

    def bucket(self, method: str) -> "Bucket":
        """Where requests of a method are counted."""
        apart = method == "GET" and self.reads is not None
        return Bucket(f"{self.name}-reads", self.reads) if apart else Bucket(self.name, self.limit)

    def need(self, method: str) -> Need:
        """The permission of a method; one that is not declared is not served, and needs what the strictest one does."""
        if isinstance(self.needs, str):
            return self.needs
        return self.needs.get(method, "admin")


class Bucket(NamedTuple):
    """Requests that are counted together, and how many there may be (None: as many as like)."""

    name: str
    limit: Limit | None


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

    `headers` go on whatever is answered. With a `key` the gate itself can make the answer, and keep it as of `since`.
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
        subject, bucket = subject_of(asked.client), self.policy.bucket(asked.method)
        pending, lookup = self._travel(subject, bucket, key)
        decision = self._decide(pending, subject, bucket)
        told = {} if decision is None else headers(decision)
        if decision is not None and not decision.allowed:
            return _turned_away(told, _too_many(decision), lookup)
        try:
            caller = self._guard.admit(self.policy.need(asked.method), asked.authorization)
        except AccessRefused as refused:
            return _turned_away(told, _refused(refused), lookup)
        if caller.tenant != tenant:  # a public route looks at no token, so what one claims counts for nothing there
            key = None
            _leave(lookup)
        hit, since = self._find(key, lookup)
        if key is not None and self._kept is not None:
            _tell(self._kept.namespace, found=hit is not None)
        if hit is not None and self._kept is not None:
            aged = {**told, "Age": str(int(hit.age_seconds))}  # RFC 9111 §5.1: whole seconds
            return Passage(aged, answer=self._kept.replayed(hit.value, hit), caller=caller)
        return Passage(told, caller=caller, key=key, since=since)

    def made(self, passage: Passage, body: bytes, deadline: Deadline) -> bytes | None:
        """A new answer, kept before it leaves; None when answering is the app's. It loads 300 ms less than the app."""
        if self._kept is None or passage.key is None:
            return None
        try:
            answer = self._kept.made(body, deadline)
        except InputRefused:
            return None  # the app says in full what is wrong
        if self._kept.is_whole(answer):
            ttl, tags = self._kept.ttl_seconds(), self._kept.tags_of(answer)
            self._cache.put(self._kept.namespace, passage.key, answer, ttl, since=passage.since, tags=tags)
        return answer

    def _travel(self, subject: str, bucket: Bucket, key: str | None) -> tuple[Pending | None, Lookup | None]:
        if self._valkey is None:
            return None, None
        trip = self._valkey.trip()
        pending = None if bucket.limit is None else self._limiter.ask(trip, bucket.name, bucket.limit, [subject])
        lookup = self._cache.ask(trip, self._kept.namespace, key) if self._kept is not None and key else None
        if self._rider is not None and not (lookup is not None and lookup.likely):
            self._rider.ask(trip)  # an answer that is as good as found needs no more
        try:
            trip.run()
        except StoreUnavailable:
            return None, None
        return pending, lookup

    def _decide(self, pending: Pending | None, subject: str, bucket: Bucket) -> Decision | None:
        if bucket.limit is None:
            return None
        if pending is not None:
            try:
                return pending.decide()
            except StoreUnavailable as error:
                _log.warning("rate_limit_unanswered", extra={"policy": bucket.name, "reason": str(error)})
        fail_open = self._valkey is not None
        return self._limiter.local(bucket.name, bucket.limit, [subject], fail_open=fail_open)

    def _find(self, key: str | None, lookup: Lookup | None) -> tuple[Hit | None, Since | None]:
        if key is None or self._kept is None:
            return None, None
        if lookup is not None:
            try:
                return lookup.found(), lookup.since()
            except StoreUnavailable as error:
                _log.warning("cache_unanswered", extra={"namespace": self._kept.namespace, "reason": str(error)})
        return self._cache.held(self._kept.namespace, key), None


def _turned_away(told: Mapping[str, str], problem: Problem, lookup: Lookup | None) -> Passage:
    _leave(lookup)
    return Passage(told, problem)


def _leave(lookup: Lookup | None) -> None:
    if lookup is not None:
        lookup.unused()


def _tell(namespace: str, *, found: bool) -> None:
    """Both figures each time, so that wherever there is one there is a rate."""
    count(CACHE_HITS, int(found), cache=namespace)
    count(CACHE_MISSES, int(not found), cache=namespace)


def _too_many(decision: Decision) -> Problem:
    return Problem(429, "Rate limit exceeded", str(decision.limit), error_class="rate_limit")


def _refused(refused: AccessRefused) -> Problem:
    if isinstance(refused, TokenRefused):
        _log.warning("token_refused", extra={"reason": refused.reason})
    title = "Forbidden" if refused.status == 403 else "Authentication required"  # noqa: PLR2004  # HTTP's own number
    challenge = {"WWW-Authenticate": refused.challenge}
    return Problem(refused.status, title, str(refused), error_class="authentication", headers=challenge)
