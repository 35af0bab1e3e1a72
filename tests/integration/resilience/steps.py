"""What the tests of breakers do: fail, ask, wait."""

import time
from random import Random

from brightspot.core.clock import SystemClock
from brightspot.resilience import Breakers, BreakerSettings, CircuitOpenError

NAMES = ["demographics", "economy", "workforce", "environment", "safety", "accessibility", "competition", "regulatory"]
BRIEF = BreakerSettings(timeout_ms=400, longest_ms=400)


def instance(valkey, settings=None):
    return Breakers(valkey, SystemClock(), settings or BreakerSettings(), Random(7))


def permitted(breakers, name="safety", snapshot=None):
    try:
        breakers.permit(name, snapshot)
    except CircuitOpenError:
        return False
    return True


def report(breakers, result, times=1, name="safety"):
    for _ in range(times):
        breakers.report(None, {name: result})


def trip(breakers):
    report(breakers, "failed", 5)


def wait_until_over(seconds=0.42):
    time.sleep(seconds)
