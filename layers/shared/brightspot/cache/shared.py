"""The one cache of this process."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from brightspot.cache.local import LocalLevel
from brightspot.cache.seal import DEFAULT_THRESHOLD, Seal
from brightspot.cache.tiered import TieredCache
from brightspot.core.clock import Clock, SystemClock
from brightspot.core.settings import Alias, load, setting
from brightspot.core.snapshots import load_before_snapshot
from brightspot.valkey import shared_valkey

if TYPE_CHECKING:
    from brightspot.cache.below import ThirdLevel
    from brightspot.cache.keyring import KeyRing

_BYTES_PER_MEGABYTE = 1024 * 1024
_KEYS = "CACHE_ENCRYPTION_KEYS"


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """Bounds of what one process holds, of which the stricter one counts; and how entries are stored elsewhere."""

    enabled: bool = setting(
        "ENTERPRISE_CACHE_ENABLED", True, "whether anything is cached at all", off="nothing is cached"
    )
    items: int = setting(
        "L1_CACHE_MAX_ITEMS", 1000, "entries kept in this process", least=0, also=[Alias("CACHE_L1_SIZE")]
    )
    computed_items: int = setting("CACHE_MAX_SIZE", 10_000, "computed values kept in this process", least=0)
    megabytes: int = setting("L1_CACHE_MAX_SIZE", 100, "megabytes that entries take of this process", least=0)
    compresses: bool = setting("L2_CACHE_COMPRESSION", True, "whether values are compressed")
    threshold: int = setting(
        "CACHE_COMPRESSION_THRESHOLD",
        DEFAULT_THRESHOLD,
        "bytes from which values are compressed; 0: never",
        least=0,
        also=[Alias("L2_CACHE_COMPRESSION_THRESHOLD")],
    )
    keys: str = setting(
        _KEYS,
        "",
        "AES keys as id1:base64,id2:base64: the first encrypts, all decrypt; none: no encryption",
        secret=True,
    )
    accepts_plain: bool = setting(
        "CACHE_ENCRYPTION_ACCEPT_PLAIN", False, "whether entries from before there were keys are still read"
    )
    third: bool = setting("CACHE_L3_ENABLED", False, "whether entries are kept in the table <TABLE_PREFIX>-cache too")
    third_ms: int = setting(
        "CACHE_L3_TIMEOUT_MS", 150, "milliseconds to reach that table, and again to be answered", least=1, most=1000
    )


@lru_cache(maxsize=1)
def shared_cache() -> TieredCache:
    """This process over the store that the environment names. Raises SettingsError."""
    settings, clock = load(CacheSettings), SystemClock()
    if not settings.enabled:
        return TieredCache(None, clock, LocalLevel(max_items=0))
    level = LocalLevel(max_items=settings.items, max_bytes=settings.megabytes * _BYTES_PER_MEGABYTE)
    threshold = settings.threshold if settings.compresses else 0
    seal = Seal(threshold=threshold, ring=_ring(settings.keys), accepts_plain=settings.accepts_plain)
    third = _third(settings.third_ms, clock) if settings.third else None
    return TieredCache(shared_valkey(), clock, level, seal, third)


def cache_enabled() -> bool:
    """Whether anything is cached at all."""
    return load(CacheSettings).enabled


def _ring(keys: str) -> "KeyRing | None":
    if not keys:
        return None
    from brightspot.cache.keyring import key_ring  # noqa: PLC0415  # only where there are keys

    ring = key_ring(keys, _KEYS)
    load_before_snapshot("cryptography.hazmat.primitives.ciphers.aead")
    return ring


def _third(timeout_ms: int, clock: Clock) -> "ThirdLevel":
    from brightspot.cache.dynamo import dynamo_level  # noqa: PLC0415  # only where it is switched on

    return dynamo_level(timeout_ms, clock)
