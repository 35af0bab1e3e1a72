"""dogpile.cache's own test suite of a backend, passed by our cache through a thin adapter."""

import time
from random import Random

import pytest
from dogpile.cache import register_backend
from dogpile.cache.api import NO_VALUE, BytesBackend, CacheMutex
from dogpile.testing.fixtures import (
    _GenericBackendTestSuite,
    _GenericMutexTestSuite,
    _GenericSerializerTestSuite,
)

from brightspot.cache import BytesCodec, ComputedCache, LocalLevel, Options, TieredCache
from brightspot.cache.computing.leases import Place
from brightspot.cache.names import names_of
from brightspot.core.clock import SystemClock
from brightspot.valkey import ValkeySettings, connect

NAMESPACE = "dogpile"
OPTIONS = Options(ttl=60, window=0.0)
BYTES = BytesCodec()


class Absent(LookupError):
    """Nothing is kept, and nobody here can compute it."""


def absent():
    raise Absent


class Adapter(BytesBackend):
    """Reads by computing nothing, writes by a refresh, locks by the lease of a key beside the entry's."""

    def __init__(self, arguments):
        self._store = connect(ValkeySettings(url=arguments["url"], connect_ms=5000, read_ms=5000), SystemClock())
        tiered = TieredCache(self._store, SystemClock(), LocalLevel())
        self._cache = ComputedCache(tiered, self._store, SystemClock(), Random(1))

    def has_lock_timeout(self):
        return True

    def get_mutex(self, key):
        now = self._cache.held.now
        return Mutex(Place(self._store, names_of(NAMESPACE), f"mutex-{key}", OPTIONS, BYTES, now))

    def get_serialized(self, key):
        try:
            return self._cache.get(NAMESPACE, key, absent, OPTIONS, codec=BYTES).value
        except Absent:
            return NO_VALUE

    get = get_serialized

    def get_serialized_multi(self, keys):
        return [self.get_serialized(key) for key in keys]

    get_multi = get_serialized_multi

    def set_serialized(self, key, value):
        self._cache.refresh(NAMESPACE, key, lambda: value, OPTIONS, codec=BYTES)

    set = set_serialized

    def set_serialized_multi(self, mapping):
        for key, value in mapping.items():
            self.set_serialized(key, value)

    set_multi = set_serialized_multi

    def delete(self, key):
        self._cache.forget(NAMESPACE, key, OPTIONS)

    def delete_multi(self, keys):
        for key in keys:
            self.delete(key)


class Mutex(CacheMutex):
    def __init__(self, place):
        self._place = place
        self._lease = None

    def acquire(self, wait=True):
        while True:
            lease = self._place.take("ask")
            if lease.token:
                self._lease = lease
                return True
            if not wait:
                return False
            time.sleep(0.005)

    def release(self):
        self._place.end(self._lease, overrun=False, failed=False)

    def locked(self):
        lease = self._place.take("ask")
        if lease.token:
            self._place.end(lease, overrun=False, failed=False)
        return not lease.token


register_backend("brightspot.test", __name__, "Adapter")


class Ours:
    """The server's address is known when a test runs, after the suite has made a backend to see whether it can."""

    backend = "brightspot.test"
    config_args = {"arguments": {"url": "redis://127.0.0.1:1/0"}}  # noqa: RUF012  # the suite reads and replaces it

    @pytest.fixture(autouse=True)
    def _at(self, valkey_url):
        self.config_args = {"arguments": {"url": valkey_url}}
        yield
        self._region_inst = self._backend_inst = None


class TestBackend(Ours, _GenericBackendTestSuite):
    pass


class TestSerializer(Ours, _GenericSerializerTestSuite, _GenericBackendTestSuite):
    pass


class TestMutex(Ours, _GenericMutexTestSuite):
    pass
