"""The one cache of this process."""

from dataclasses import dataclass
from functools import lru_cache

from brightspot.cache.local import LocalLevel
from brightspot.cache.tiered import TieredCache
from brightspot.core.clock import SystemClock
from brightspot.core.settings import load, setting
from brightspot.valkey import shared_valkey

_BYTES_PER_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Bounds of what one process holds; the stricter one counts."""

    items: int = setting("L1_CACHE_MAX_ITEMS", 1000, "entries kept in this process", least=0)
    megabytes: int = setting("L1_CACHE_MAX_SIZE", 100, "megabytes of values kept in this process", least=0)


@lru_cache(maxsize=1)
def shared_cache() -> TieredCache:
    """This process over the store that the environment names."""
    bounds = load(LocalSettings)
    level = LocalLevel(max_items=bounds.items, max_bytes=bounds.megabytes * _BYTES_PER_MEGABYTE)
    return TieredCache(shared_valkey(), SystemClock(), level)
