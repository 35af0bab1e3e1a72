"""Instances of the cache over one real Valkey."""

import pytest

from brightspot.cache import LocalLevel, TieredCache
from brightspot.core.clock import SystemClock
from brightspot.valkey import ValkeySettings, connect


@pytest.fixture
def instance(valkey_url):
    """`instance()`: another process's cache."""
    stores = []

    def make(url=valkey_url, local=None):
        store = connect(ValkeySettings(url=url), SystemClock())
        stores.append(store)
        return TieredCache(store, SystemClock(), local or LocalLevel())

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def compute():
    """`compute(cache, key="k")`: what a request does that finds nothing."""

    def done(cache, value=b"v", key="k", ttl=60.0, tags=()):
        _, since = cache.get("analysis", key)
        cache.put("analysis", key, value, ttl, since=since, tags=tags)

    return done


@pytest.fixture
def found():
    """`found(cache)`: value and level, or None."""

    def sought(cache, key="k"):
        hit, _ = cache.get("analysis", key)
        return hit and (hit.value, hit.level)

    return sought
