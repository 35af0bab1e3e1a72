"""Webhooks over a receiver of ours, with a resolver and waits by hand."""

from random import Random

import pytest

from brightspot.resilience import Breakers, BreakerSettings
from brightspot.resilience.retry import Retry, RetrySettings
from brightspot.webhooks import TargetRules, Webhooks, WebhookSettings
from tests.integration.webhooks.receiver import receiving

LOOPBACK = TargetRules(http=True, private=True)


@pytest.fixture
def receiver():
    with receiving() as known:
        yield known


@pytest.fixture
def sender(clock):
    """`sender(...)`: webhooks that wait for nobody; `waits` are the seconds that they would have."""

    def made(rules=LOOPBACK, resolve=lambda *_: ["127.0.0.1"], **settings):
        def sleep(seconds):
            webhooks.waits.append(seconds)
            clock.advance(seconds=seconds)

        retry = Retry("webhooks", RetrySettings(base_ms=100), Random(7), sleep)
        settings = WebhookSettings(**{"total_ms": 8000, "try_ms": 4000, **settings})
        breakers = Breakers(None, clock, BreakerSettings(), Random(7))
        webhooks = Webhooks(settings, rules, retry=retry, breakers=breakers, clock=clock, resolve=resolve)
        webhooks.waits, webhooks.breakers = [], breakers
        return webhooks

    return made
