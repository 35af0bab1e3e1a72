"""Valkey fails in every way we know while four environments serve: no request fails, and each loses little.

What one request can lose is 600 ms: a lost connection that is told of late, a new one, the login and the answer are
waited for 150 ms each. After a failure the store rests for 0.5, 1, 2, 5 s, so one request per rest and environment pays
that. The tests hold every request to twice as much above the usual median.
"""

import signal
import time

import pytest

from brightspot import operations
from brightspot.cache import shared_cache
from brightspot.resilience import shared_breakers
from brightspot.valkey import shared_valkey
from tests.integration.faults.servers import PASSWORD, Server


@pytest.mark.parametrize("delay", [0.05, 0.4])
def test_slow(address, serving, before, held_up, delay):
    address.delay = delay
    held_up(f"{delay * 1000:.0f} ms slow", before, serving.phase(1.2))
    address.delay = 0.0


def test_paused_and_resumed(valkey, serving, before, held_up):
    valkey.signal(signal.SIGSTOP)
    held_up("paused", before, serving.phase(1.2))
    valkey.signal(signal.SIGCONT)
    held_up("resumed", before, serving.phase(1.2))


def test_a_wrong_password(valkey, address, serving, before, held_up):
    valkey.ask("CONFIG", "SET", "requirepass", "another")
    address.cut()
    held_up("wrong password", before, serving.phase(1.2))
    valkey.ask("CONFIG", "SET", "requirepass", PASSWORD, password="another")  # of this server alone


def test_killed_and_restarted_empty(valkey, serving, before, held_up, recovered):
    valkey.kill()
    held_up("killed", before, serving.phase(1.2))
    valkey.start()
    held_up("restarted empty", before, serving.phase(1.0))
    held_up("found again", before, recovered())


def test_health_is_degraded_and_recovers_by_itself(tmp_path, monkeypatch):
    valkey = Server(tmp_path)
    valkey.start()
    monkeypatch.setenv("REDIS_URL", valkey.url)
    monkeypatch.setenv("REDIS_READ_TIMEOUT_MS", "3000")  # a busy test machine is no outage
    told = [operations.health().status]
    valkey.kill()
    told.append(operations.health().status)
    valkey.start()
    for _ in range(100):
        if operations.health().status == "healthy":
            break
        time.sleep(0.1)
    told.append(operations.health().status)
    for factory in (shared_valkey, shared_cache, shared_breakers):
        factory.cache_clear()
    valkey.kill()
    assert told == ["healthy", "degraded", "healthy"]
