"""Cache: bytes by namespace and key, in this process and in the shared store."""

from brightspot.cache.local import LocalLevel
from brightspot.cache.shared import shared_cache
from brightspot.cache.tiered import Hit, Lookup, Since, TieredCache

__all__ = ["Hit", "LocalLevel", "Lookup", "Since", "TieredCache", "shared_cache"]
