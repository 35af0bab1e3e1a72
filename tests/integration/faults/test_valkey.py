"""Valkey fails in every way we know while four environments serve: no request fails, and each loses little.

What one request can lose: a connection or an answer that does not come is waited for 150 ms; a lost connection is tried
once more. After a failure the store rests for 0.5, 1, 2, 5 s, so one request per rest and environment pays that.
"""

import signal
import time

import pytest
import redis

from brightspot import operations
from brightspot.cache import shared_cache
from brightspot.resilience import shared_breakers
from brightspot.valkey import shared_valkey
from tests.integration.faults.servers import PASSWORD, Address


def test_killed_and_restarted_empty(server, load, held_up):
    serving = load({"REDIS_URL": server.url})
    before = serving.phase(1.0)
    server.kill()
    held_up("killed", before, serving.phase(2.5))
    server.start()
    held_up("restarted empty", before, serving.phase(6.5))
    with redis.Redis.from_url(server.url) as client:
        assert list(client.scan_iter("bs:{analysis}:*"))


def test_health_is_degraded_and_recovers_by_itself(server, monkeypatch):
    monkeypatch.setenv("REDIS_URL", server.url)
    monkeypatch.setenv("REDIS_READ_TIMEOUT_MS", "3000")  # a busy test machine is no outage
    for factory in (shared_valkey, shared_cache, shared_breakers):
        factory.cache_clear()
    told = [operations.health().status]
    server.kill()
    told.append(operations.health().status)
    server.start()
    for _ in range(100):
        if operations.health().status == "healthy":
            break
        time.sleep(0.1)
    told.append(operations.health().status)
    for factory in (shared_valkey, shared_cache, shared_breakers):
        factory.cache_clear()
    assert told == ["healthy", "degraded", "healthy"]


def test_paused_and_resumed(server, load, held_up):
    serving = load({"REDIS_URL": server.url})
    before = serving.phase(1.0)
    server.signal(signal.SIGSTOP)
    held_up("paused", before, serving.phase(2.5))
    server.signal(signal.SIGCONT)
    held_up("resumed", before, serving.phase(2.0))


@pytest.mark.parametrize("delay", [0.05, 0.4])
def test_slow(server, load, held_up, delay):
    direct = load({"REDIS_URL": server.url})
    before = direct.phase(1.0)
    with Address(server.port, delay) as slow:
        held_up(f"{delay * 1000:.0f} ms slow", before, load({"REDIS_URL": slow.url}).phase(2.0))


def test_a_wrong_password(server, load, held_up):
    before = load({"REDIS_URL": server.url}).phase(1.0)
    held_up("wrong password", before, load({"REDIS_URL": server.url.replace(PASSWORD, "wrong")}).phase(2.0))
