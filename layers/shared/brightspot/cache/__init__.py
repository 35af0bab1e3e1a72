"""Bytes by key for a while: the seam behind which a shared cache will stand, and its in-memory form."""

from brightspot.cache.memory import MemoryCache
from brightspot.cache.seam import Cache, Cached

__all__ = ["Cache", "Cached", "MemoryCache"]
