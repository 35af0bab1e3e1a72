"""What every request passes before the app: limits, token, answer cache, in this order and in one round trip."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from brightspot.cache import Hit, Lookup, Since, TieredCache
from brightspot.core.errors import InputRefused
from brightspot.http.admission import Admission, Proof
from brightspot.http.closed import closed_by
from brightspot.http.limiting import Limiting
from brightspot.http.measuring import tell_lookup
from brightspot.http.policy import Policy
from brightspot.http.problems import Problem, access_problem
from brightspot.http.watching import ask_marks, blocked, standing_of
from brightspot.intrusion import Seen, Signal, Watch
from brightspot.ratelimit import Decision, Limiter, headers
from brightspot.resilience import Deadline
from brightspot.resilience.maintenance import MaintenanceSwitch
from brightspot.security import ANONYMOUS, AccessRefused, Caller, Need, TokenRefused
from brightspot.telemetry import span, tell_figures
from brightspot.valkey import Answer, StoreUnavailable, Trip, Valkey

_log = logging.getLogger(__name__)


class KeptAnswers(Protocol):
    """What the gate must know of answers that it may give itself: to a body that has a key, from the cache or new."""

    @property
    def namespace(self) -> str: ...

    def key_of(self, body: bytes, tenant: str) -> str | None: ...

    def ttl_seconds(self) -> float: ...

    def made(self, body: bytes, tenant: str, deadline: Deadline) -> bytes: ...

    def is_whole(self, answer: bytes) -> bool: ...

    def tags_of(self, answer: bytes) -> Sequence[str]: ...

    def replayed(self, answer: bytes, hit: Hit) -> bytes: ...


class Rider(Protocol):
    """Something that reads shared state on the same round trip, for the app to use later: breaker states."""

    def ask(self, trip: Trip) -> None: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """The part of a request that the gate looks at.

    `authorization` and `api_key` (X-Api-Key) are those headers, None when they were not sent.
    """

    method: str
    path: str
    client: str
    authorization: str | None
    body: bytes
    api_key: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """What became of a request: refused by `problem`, answered by `answer`, or let through as `caller`.

    `headers` go on whatever is answered. With a `key` the gate itself can make the answer, and keep it as of `since`.
    `signal` is what makes its client suspicious, if anything does.
    """

    headers: Mapping[str, str]
    problem: Problem | None = None
    answer: bytes | None = None
    caller: Caller = ANONYMOUS
    key: str | None = None
    since: Since | None = None
    signal: Signal | None = None


class _Brought(NamedTuple):
    """Whether the one round trip was made, and what it asked the cache, the switch, of the session and the client."""

    travelled: bool = False
    lookup: Lookup | None = None
    switch: Answer | None = None
    revoked: Answer | None = None
    marks: Answer | None = None


class Gate:
    """One per function. When the store is away, what this process holds answers, and the policy says who is limited.

    A token is checked before the trip, at 0.2 to 0.4 ms where it is new to this process, so that the user it stands for
    can be counted on the trip. What came of it is told after the limits all the same. API keys: see `Admission`.
    Under maintenance reads, administration and answers from the cache pass; all else is told when to come back.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        valkey: Valkey | None,
        limiter: Limiter,
        admission: Admission,
        cache: TieredCache,
        kept: KeptAnswers | None = None,
        rider: Rider | None = None,
        maintenance: MaintenanceSwitch | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.policy = policy
        self._valkey = valkey
        self._limiter = limiter
        self._admission = admission
        self._cache = cache
        self._kept = kept
        self._rider = rider
        self._maintenance = maintenance
        self._watch = watch

    def enter(self, asked: Asked) -> Passage:
        """Decide about one request."""
        need, rate = self.policy.need(asked.method, asked.path), self.policy.rate(asked.method, asked.path)
        proof = self._admission.look(need, asked.authorization, asked.api_key, rate, asked.client)
        caller = proof.caller
        limiting = Limiting(self._limiter, rate, asked.client, caller, self._valkey)
        key = self._key(asked, caller) if proof.refusal is None else None
        brought = self._travel(limiting, key, caller, asked)
        looked = self._look(limiting, brought, need, proof)
        if looked.problem is not None:
            if brought.lookup is not None:
                brought.lookup.unused()
            return looked
        told = looked.headers
        hit, since = self._find(key, brought.lookup)
        if hit is not None and self._kept is not None:
            aged = {**told, "Age": str(int(hit.age_seconds))}  # RFC 9111 §5.1: whole seconds
            return Passage(aged, answer=self._kept.replayed(hit.value, hit), caller=caller)
        if (closed := self._closed(asked, brought.switch)) is not None:
            return Passage(told, closed)
        if key is not None and (computed := limiting.compute()) is not None:
            told = headers(computed)
            if not computed.allowed:
                return Passage(told, _too_many(computed), signal="rate_limited")
        return Passage(told, caller=caller, key=key, since=since)

    def _look(self, limiting: Limiting, brought: _Brought, need: Need, proof: Proof) -> Passage:
        """Whether client, limits and token let a request in. Administrators get in to lift a block from behind it."""
        standing = standing_of(self._watch, brought.marks)
        if standing.blocked_seconds and not (need == "admin" and self._verdict(proof, brought) is None):
            return Passage({}, blocked(standing.blocked_seconds))
        decision = limiting.decide(travelled=brought.travelled, divisor=standing.divisor)
        told = {} if decision is None else headers(decision)
        if decision is not None and not decision.allowed:
            return Passage(told, _too_many(decision), caller=proof.caller, signal="rate_limited")
        if (refusal := self._verdict(proof, brought)) is not None:
            return Passage(told, _refused(refusal), signal=refusal.signal)
        return Passage(told, caller=proof.caller)

    def _verdict(self, proof: Proof, brought: _Brought) -> AccessRefused | None:
        """Why the caller may not pass. It may ask the table, so not before the limits have let the request through."""
        return self._admission.verdict(proof, brought.revoked)

    def record(self, asked: Asked, passage: Passage, seen: Sequence[Seen]) -> None:
        """Have what a request did scored at its client, in a trip of its own; one that did nothing costs nothing."""
        if seen and self._watch is not None:
            self._watch.record(asked.client, seen, passage.caller.subject)

    def made(self, passage: Passage, body: bytes, deadline: Deadline) -> bytes | None:
        """A new answer, kept before it leaves; None when answering is the app's. It loads 300 ms less than the app."""
        if self._kept is None or passage.key is None:
            return None
        try:
            answer = self._kept.made(body, passage.caller.tenant, deadline)
        except InputRefused:
            return None  # the app says in full what is wrong
        if self._kept.is_whole(answer):
            ttl, tags = self._kept.ttl_seconds(), self._kept.tags_of(answer)
            # Not compressed: loading zstd would cost every cold start that is answered from the cache 4 ms.
            self._cache.put(
                self._kept.namespace, passage.key, answer, ttl, since=passage.since, tags=tags, compress=False
            )
        return answer

    def _closed(self, asked: Asked, switch: Answer | None) -> Problem | None:
        if self._maintenance is None:
            return None
        need = self.policy.need(asked.method, asked.path)
        return closed_by(self._maintenance.holds(switch), f"{asked.method} {asked.path}", self.policy.name, need)

    def _key(self, asked: Asked, caller: Caller) -> str | None:
        if self._kept is None or asked.method != "POST":
            return None
        return self._kept.key_of(asked.body, caller.tenant)

    def _travel(self, limiting: Limiting, key: str | None, caller: Caller, asked: Asked) -> _Brought:
        if self._valkey is None:
            return _Brought()
        trip = self._valkey.trip()
        limiting.ask(trip)
        lookup = self._cache.ask(trip, self._kept.namespace, key) if self._kept is not None and key else None
        switch = self._maintenance.ask(trip) if self._maintenance is not None else None
        revoked = self._admission.ask(trip, caller)
        tell_figures(trip)
        marks = ask_marks(self._watch, trip, asked.method, asked.path, asked.client)
        if self._rider is not None and not (lookup is not None and lookup.likely):
            self._rider.ask(trip)  # an answer that is as good as found needs no more
        try:
            with span("gate trip", "client"):
                trip.run()
        except StoreUnavailable:
            return _Brought()
        return _Brought(True, lookup, switch, revoked, marks)

    def _find(self, key: str | None, lookup: Lookup | None) -> tuple[Hit | None, Since | None]:
        if key is None or self._kept is None:
            return None, None
        namespace = self._kept.namespace
        with span("cache lookup", namespace=namespace) as looking:
            hit, since = self._found(namespace, key, lookup)
            looking.tell(hit=hit is not None)
        tell_lookup(namespace, hit)
        return hit, since

    def _found(self, namespace: str, key: str, lookup: Lookup | None) -> tuple[Hit | None, Since | None]:
        if lookup is not None:
            try:
                return lookup.found(), lookup.since()
            except StoreUnavailable as error:
                _log.warning("cache_unanswered", extra={"namespace": namespace, "reason": str(error)})
        return self._cache.held(namespace, key), None


def _too_many(decision: Decision) -> Problem:
    return Problem(429, "Rate limit exceeded", str(decision.limit), error_class="rate_limit")


def _refused(refused: AccessRefused) -> Problem:
    if isinstance(refused, TokenRefused):
        _log.warning("token_refused", extra={"reason": refused.reason})
    return access_problem(refused)
