"""The scripts as they ship, and the same ones told the time, for properties that need a clock one can move."""

import time

import pytest

from brightspot.core.clock import SystemClock
from brightspot.valkey import Script, ValkeySettings, connect

TIME = "redis.call('TIME')"


@pytest.fixture
def valkey(valkey_url):
    """A patient connection: a busy test machine is no outage."""
    store = connect(ValkeySettings(url=valkey_url, connect_ms=5000, read_ms=5000), SystemClock())
    yield store
    store.close()


@pytest.fixture(scope="session")
def told_the_time():
    """A script that takes the server's time in microseconds as its last argument; nothing else of it changes."""

    def changed(script):
        assert script.source.count(TIME) == 1
        return Script(script.source.replace(TIME, "{0, ARGV[#ARGV]}"))

    return changed


@pytest.fixture(scope="session")
def epoch():
    """Tomorrow, in microseconds: keys written at such a time do not expire while a test runs."""
    return int(time.time() + 86400) * 1_000_000
