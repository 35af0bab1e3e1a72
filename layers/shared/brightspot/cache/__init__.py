"""Cache: bytes by namespace and key, in this process and in the shared store."""

from brightspot.cache.figures import Figures, total
from brightspot.cache.local import LocalLevel
from brightspot.cache.lookup import Hit, Lookup, Since
from brightspot.cache.shared import shared_cache
from brightspot.cache.tiered import TieredCache

__all__ = ["Figures", "Hit", "LocalLevel", "Lookup", "Since", "TieredCache", "shared_cache", "total"]
