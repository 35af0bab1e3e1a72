"""Cache: bytes by namespace and key, in three levels at most; values that are computed when missing.

The levels are this process, the shared store and, where asked for, a table.
What computes is loaded when it is first used: a cached answer must not pay for it.
"""

from typing import TYPE_CHECKING

from brightspot.cache.below import ThirdLevel
from brightspot.cache.figures import Figures, total
from brightspot.cache.local import LocalLevel
from brightspot.cache.lookup import Hit, Lookup, Since
from brightspot.cache.seal import Seal
from brightspot.cache.shared import cache_enabled, shared_cache
from brightspot.cache.tiered import TieredCache
from brightspot.core.faces import lazy_face

if TYPE_CHECKING:
    from brightspot.cache.computing.computed import ComputedCache, Found
    from brightspot.cache.computing.computed_value import BytesCodec, Codec, JsonCodec
    from brightspot.cache.computing.copies import Copies
    from brightspot.cache.computing.decorator import CachedFunction, cached
    from brightspot.cache.computing.kept_values import KeptValue, KeptValues
    from brightspot.cache.computing.options import Adaptive, ComputeSettings, Options
    from brightspot.cache.computing.shared_computing import shared_computed
    from brightspot.cache.computing.warming import Warmed, Warming
    from brightspot.cache.errors import ComputeTimedOut, NotKeepable

__all__ = [
    "Adaptive",
    "BytesCodec",
    "CachedFunction",
    "Codec",
    "ComputeSettings",
    "ComputeTimedOut",
    "ComputedCache",
    "Copies",
    "Figures",
    "Found",
    "Hit",
    "JsonCodec",
    "KeptValue",
    "KeptValues",
    "LocalLevel",
    "Lookup",
    "NotKeepable",
    "Options",
    "Seal",
    "Since",
    "ThirdLevel",
    "TieredCache",
    "Warmed",
    "Warming",
    "cache_enabled",
    "cached",
    "shared_cache",
    "shared_computed",
    "total",
]

_HOMES = {
    "computing.computed": "ComputedCache Found",
    "computing.computed_value": "BytesCodec Codec JsonCodec",
    "computing.copies": "Copies",
    "computing.decorator": "CachedFunction cached",
    "errors": "ComputeTimedOut NotKeepable",
    "computing.kept_values": "KeptValue KeptValues",
    "computing.options": "Adaptive ComputeSettings Options",
    "computing.shared_computing": "shared_computed",
    "computing.warming": "Warmed Warming",
}
__getattr__ = lazy_face(__name__, _HOMES)
