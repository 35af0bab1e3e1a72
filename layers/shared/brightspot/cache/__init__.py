"""Cache: bytes by namespace and key, in this process, in the shared store, and where asked for in a table."""

from brightspot.cache.below import ThirdLevel
from brightspot.cache.figures import Figures, total
from brightspot.cache.local import LocalLevel
from brightspot.cache.lookup import Hit, Lookup, Since
from brightspot.cache.seal import Seal
from brightspot.cache.shared import shared_cache
from brightspot.cache.tiered import TieredCache

__all__ = [
    "Figures",
    "Hit",
    "LocalLevel",
    "Lookup",
    "Seal",
    "Since",
    "ThirdLevel",
    "TieredCache",
    "shared_cache",
    "total",
]
