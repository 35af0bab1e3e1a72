"""Clearing caches by hand."""

from typing import Final

import msgspec

from brightspot import locations
from brightspot.cache import TieredCache, shared_cache
from brightspot.core.errors import InputRefused

CACHE_NAMESPACES: Final = (locations.KeptAnalyses.namespace,)


class Cleared(msgspec.Struct, frozen=True):
    """How many entries a clear removed from the shared store, or from this process when there is none."""

    message: str
    count: int


def clear_cache(namespace: str | None, cache: TieredCache | None = None) -> Cleared:
    """Clear one namespace, or all of them.

    Raises InputRefused for a namespace that is none, StoreUnavailable when the shared store cannot be told.
    """
    if namespace is not None and namespace not in CACHE_NAMESPACES:
        raise InputRefused(
            "namespace", f"{namespace[:40]!r} is no namespace; send one of {', '.join(CACHE_NAMESPACES)}"
        )
    chosen = CACHE_NAMESPACES if namespace is None else (namespace,)
    where = cache or shared_cache()
    count = sum(where.clear(each) for each in chosen)
    return Cleared(f"Cleared {count} cache entries", count)
