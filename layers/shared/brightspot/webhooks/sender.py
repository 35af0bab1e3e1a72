"""Sends a message to a URL: signed, under one deadline, tried again with full jitter, behind a breaker per target."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import SystemRandom
from typing import Final

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.settings import load, setting
from brightspot.core.snapshots import before_snapshot
from brightspot.resilience import Breakers, Deadline, Result, run_all, shared_breakers
from brightspot.resilience.retry import Retry, RetrySettings
from brightspot.webhooks.errors import WebhookFailed
from brightspot.webhooks.post import post
from brightspot.webhooks.signing import DELIVERY, EVENT, SIGNATURE, TIMESTAMP, signature
from brightspot.webhooks.targets import Resolve, Target, TargetRules, addresses_of, resolve, target_of

_AGENT: Final = "Brightspot-Webhook/1"


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """How long a message may take."""

    total_ms: int = setting("WEBHOOK_TOTAL_MS", 10_000, "milliseconds for a message, all tries together", least=100)
    try_ms: int = setting("WEBHOOK_TRY_MS", 4_000, "milliseconds for one try", least=50)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where messages go, and the secret that they are signed with; neither is shown by repr."""

    url: str
    secret: bytes

    def __repr__(self) -> str:
        return "Webhook(...)"


class Webhooks:
    """Safe to share between threads. Opens a connection for each try and keeps none: an environment freezes."""

    def __init__(
        self,
        settings: WebhookSettings,
        rules: TargetRules,
        *,
        retry: Retry,
        breakers: Breakers,
        clock: Clock,
        resolve: Resolve = resolve,
    ) -> None:
        self._settings = settings
        self._rules = rules
        self._retry = retry
        self._breakers = breakers
        self._clock = clock
        self._resolve = resolve

    def send(self, to: Webhook, event: str, delivery: str, body: bytes, deadline: Deadline | None = None) -> None:
        """Have a JSON body taken (any 2xx). Raises WebhookFailed; CircuitOpenError when the target is given a rest.

        `delivery` names the message: a receiver that sees it twice has it already. The target is looked up anew for
        each try, and a redirect is a failure.
        """
        target = target_of(to.url, self._rules)
        total = self._settings.total_ms / 1000
        within = deadline.within(total) if deadline is not None else Deadline.after(self._clock, total)
        headers = {"Content-Type": "application/json", "User-Agent": _AGENT, EVENT: event, DELIVERY: delivery}

        def attempt() -> None:
            self._guarded(target, {**headers, **self._signed(to.secret, body)}, body, within)

        self._retry.call(attempt, deadline=within, idempotent=True, again=_seconds_to_wait)

    def check(self, url: str) -> None:
        """Whether messages may go to a URL, as far as that can be said now; each one that is sent is checked anew.

        Raises WebhookFailed.
        """
        target = target_of(url, self._rules)
        soon = Deadline.after(self._clock, self._settings.try_ms / 1000)
        self._within(soon, lambda: addresses_of(target, self._rules, self._resolve))

    def _signed(self, secret: bytes, body: bytes) -> dict[str, str]:
        at = int(self._clock.now().timestamp())
        return {TIMESTAMP: str(at), SIGNATURE: signature(secret, at, body)}

    def _guarded(self, target: Target, headers: Mapping[str, str], body: bytes, deadline: Deadline) -> None:
        """One try, reported to the target's breaker; what is refused before it is asked says nothing about it."""
        addresses = self._within(deadline, lambda: addresses_of(target, self._rules, self._resolve))
        name = breaker_of(target)
        lease = self._breakers.admit(name)
        result: Result = "failed"
        try:
            self._within(deadline, lambda: post(target, addresses, headers, body, self._one(deadline)))
            result = "ok"
        except WebhookFailed as failed:
            result = "ok" if failed.again is None else "failed"  # it answered, and does not want this message
            raise
        finally:
            self._breakers.report(None, {name: result}, lease)

    def _within[T](self, deadline: Deadline, job: Callable[[], T]) -> T:
        """By the clock: neither a resolver nor a server that sends a byte a second is waited for."""
        outcome = run_all({"webhook": job}, self._one(deadline))["webhook"]
        if outcome.status == "timeout":
            raise WebhookFailed("it did not answer in time", again=0.0)
        if outcome.error is not None:
            raise outcome.error
        return outcome.value  # type: ignore[return-value]  # what is ok has the job's own value, which may be None

    def _one(self, deadline: Deadline) -> Deadline:
        return deadline.within(self._settings.try_ms / 1000)


def breaker_of(target: Target) -> str:
    """The name of a target's breaker: it says nothing of the URL, which others may see in lists."""
    return f"webhook-{hashlib.sha256(target.origin.encode()).hexdigest()[:12]}"


def _seconds_to_wait(error: Exception) -> float | None:
    return error.again if isinstance(error, WebhookFailed) else None


@before_snapshot
@lru_cache(maxsize=1)
def shared_webhooks() -> Webhooks:
    """As the environment has it."""
    retry = Retry("webhooks", load(RetrySettings), SystemRandom())
    breakers, clock = shared_breakers(), SystemClock()
    return Webhooks(load(WebhookSettings), load(TargetRules), retry=retry, breakers=breakers, clock=clock)
