"""Caches seen and cleared by hand."""

import logging
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from brightspot import locations
from brightspot.cache import Figures, TieredCache, shared_cache, total
from brightspot.cache.envelope import is_tag
from brightspot.core.errors import InputRefused
from brightspot.valkey import StoreUnavailable

VALUES: Final = "values"  # that clients keep: their tags are their own
_UNITS: Final = "BKMG"  # each 1024 of the one before
_log = logging.getLogger(__name__)


class LevelHits(msgspec.Struct, frozen=True):
    """Which level had what was asked for: the process, the shared store, or the table below it."""

    memory: int
    redis: int
    dynamodb: int


class CacheFigures(msgspec.Struct, frozen=True):
    """One namespace. `hit_rate` is percent, null when nothing was asked for; `memory_bytes` are names and values.

    `stale` are the misses for which an entry was there, but expired or cleared. `bytes_saved` is by how much
    compressing made smaller what was kept.
    """

    cached_items: int
    keyspace_hits: int
    keyspace_misses: int
    hit_rate: float | None
    memory_usage: str
    memory_bytes: int
    level_hits: LevelHits
    stale: int
    bytes_saved: int


class CacheStats(msgspec.Struct, frozen=True):
    """What is cached, and how often what was asked for was there.

    `enabled` says whether the shared store is in use; without it each process keeps its own, and the figures are those
    of the one that answers (`scope`). Hits and misses count since the store, or the process, began. `hit_rate` is
    percent, null when nothing was asked for. `memory_bytes` are those of names and values, without what the store adds
    to each; of a process all that its entries take. `level_hits` are the hits by where they were; `stale` the misses
    for which an entry was there, but expired or cleared; `bytes_saved` by how much compressing made smaller what was
    kept. `complete` is false when there were too many entries to count in 5 seconds: there are more.
    """

    enabled: bool
    backend: Literal["redis", "in-memory"]
    scope: Literal["all instances", "this process"]
    cached_items: int
    keyspace_hits: int
    keyspace_misses: int
    hit_rate: float | None
    memory_usage: str
    memory_bytes: int
    level_hits: LevelHits
    stale: int
    bytes_saved: int
    complete: bool
    namespaces: dict[str, CacheFigures]


class Cleared(msgspec.Struct, frozen=True):
    """How many entries a clear removed from the shared store, or from this process when there is none."""

    message: str
    count: int


def cache_namespaces() -> tuple[str, ...]:
    """Analyses, searches, values that clients keep, and what each live source that is switched on told."""
    ours = (locations.KeptAnalyses.namespace, locations.KeptSearches.namespace, VALUES)
    return (*ours, *locations.live_namespaces())


def cache_stats(cache: TieredCache | None = None) -> CacheStats:
    """The figures of all instances; with the store away, those of this process."""
    figures, shared = counted(cache or shared_cache())
    return _stats(figures, shared=shared)


def counted(cache: TieredCache) -> tuple[dict[str, Figures], bool]:
    """Figures by namespace, and whether they are those of all instances: else the store is away, or there is none."""
    namespaces = cache_namespaces()
    try:
        shared = cache.figures(namespaces)
    except StoreUnavailable as error:
        _log.warning("cache_uncounted", extra={"reason": str(error)})
        shared = None
    return (cache.figures_here(namespaces), False) if shared is None else (shared, True)


def clear_cache(namespace: str | None = None, tag: str | None = None, cache: TieredCache | None = None) -> Cleared:
    """Clear one namespace or all of them; with a tag, only the entries that have it.

    Raises InputRefused for a namespace or tag that is none, StoreUnavailable when the shared store cannot be told.
    """
    known = cache_namespaces()
    if namespace is not None and namespace not in known:
        raise InputRefused("namespace", f"{namespace[:40]!r} is no namespace; send one of {', '.join(known)}")
    if tag is not None and not (is_tag(tag) if namespace == VALUES else locations.is_cache_tag(tag)):
        raise InputRefused("tag", f"{tag[:40]!r} is no tag; send one such as {' or '.join(locations.CACHE_TAGS)}")
    chosen = known if namespace is None else (namespace,)
    where = cache or shared_cache()
    count = sum(where.clear(each, tag) for each in chosen)
    return Cleared(f"Cleared {count} cache entries", count)


def _stats(figures: Mapping[str, Figures], *, shared: bool) -> CacheStats:
    everything = total(list(figures.values()))
    told = _told(everything)
    return CacheStats(
        enabled=shared,
        backend="redis" if shared else "in-memory",
        scope="all instances" if shared else "this process",
        complete=everything.complete,
        namespaces={name: _told(each) for name, each in figures.items()},
        **msgspec.structs.asdict(told),
    )


def _told(figures: Figures) -> CacheFigures:
    asked = figures.hits + figures.misses
    return CacheFigures(
        cached_items=figures.items,
        keyspace_hits=figures.hits,
        keyspace_misses=figures.misses,
        hit_rate=round(100 * figures.hits / asked, 2) if asked else None,
        memory_usage=_human(figures.size),
        memory_bytes=figures.size,
        level_hits=LevelHits(figures.memory, figures.redis, figures.dynamodb),
        stale=figures.stale,
        bytes_saved=figures.saved,
    )


def _human(size: int) -> str:
    """As Redis says it: 812B, 2.5M."""
    power = min(len(_UNITS) - 1, max(0, size.bit_length() - 1) // 10)
    return f"{size / 1024**power:.1f}{_UNITS[power]}" if power else f"{size}B"
