"""The one cache of computed values of this process."""

from functools import lru_cache
from random import SystemRandom

from brightspot.cache.computing.computed import ComputedCache
from brightspot.cache.computing.copies import Copies
from brightspot.cache.computing.options import compute_settings
from brightspot.cache.shared import CacheSettings, shared_cache
from brightspot.core.clock import SystemClock
from brightspot.core.settings import load
from brightspot.valkey import shared_valkey

_BYTES_PER_MEGABYTE = 1024 * 1024


@lru_cache(maxsize=1)
def shared_computed() -> ComputedCache:
    """Over the store that the environment names. Draws by the system, so that environments woken alike differ."""
    bounds = load(CacheSettings)
    items = bounds.computed_items if bounds.enabled else 0
    copies = Copies(max_items=items, max_bytes=bounds.megabytes * _BYTES_PER_MEGABYTE)
    store = shared_valkey() if bounds.enabled else None
    return ComputedCache(
        shared_cache(), store, SystemClock(), SystemRandom(), settings=compute_settings(), copies=copies
    )
