"""How the levels of the cache do: hits by level and namespace, what left for want of room, what compressing saved."""

import msgspec

from brightspot.cache import Figures, TieredCache, shared_cache, total
from brightspot.operations.caches import counted


class CacheLevel(msgspec.Struct, frozen=True):
    """One level. `hit_rate` is percent of the questions that came as far as this level, null when none did."""

    hits: int
    asked: int
    hit_rate: float | None


class NamespaceAnalytics(msgspec.Struct, frozen=True):
    """One namespace, or all together.

    `hit_rate` is percent of all questions. `stale` are the misses for which an entry was there, but expired or cleared.
    `evictions` is how often a process let go of an entry for want of room; it may still be in the levels below.
    `compression_ratio` is the size of what was kept over the size it was stored in, null when nothing was kept.
    """

    hit_rate: float | None
    hits: int
    misses: int
    stale: int
    cached_items: int
    memory_bytes: int
    evictions: int
    compression_ratio: float | None
    bytes_saved: int
    levels: dict[str, CacheLevel]


class CacheAnalytics(msgspec.Struct, frozen=True):
    """The cache by level and namespace since the store, or the process, began.

    `scope` says whose figures they are: all instances', or with the shared store away those of the one that answers.
    `complete` is false when there were too many entries to count in 5 seconds.
    """

    scope: str
    complete: bool
    total: NamespaceAnalytics
    namespaces: dict[str, NamespaceAnalytics]


def cache_analytics(cache: TieredCache | None = None) -> CacheAnalytics:
    """The figures of all instances; with the store away, those of this process."""
    figures, shared = counted(cache or shared_cache())
    everything = total(list(figures.values()))
    return CacheAnalytics(
        scope="all instances" if shared else "this process",
        complete=everything.complete,
        total=_told(everything),
        namespaces={name: _told(each) for name, each in figures.items()},
    )


def _told(figures: Figures) -> NamespaceAnalytics:
    asked = figures.hits + figures.misses
    stored = figures.kept - figures.saved
    return NamespaceAnalytics(
        hit_rate=_percent(figures.hits, asked),
        hits=figures.hits,
        misses=figures.misses,
        stale=figures.stale,
        cached_items=figures.items,
        memory_bytes=figures.size,
        evictions=figures.evicted,
        compression_ratio=round(figures.kept / stored, 3) if stored > 0 else None,
        bytes_saved=figures.saved,
        levels=_levels(figures, asked),
    )


def _levels(figures: Figures, asked: int) -> dict[str, CacheLevel]:
    """A question goes down until a level has the answer."""
    told = {}
    for name, hits in (("memory", figures.memory), ("redis", figures.redis), ("dynamodb", figures.dynamodb)):
        told[name] = CacheLevel(hits, asked, _percent(hits, asked))
        asked = max(0, asked - hits)
    return told


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None
