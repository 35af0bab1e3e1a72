"""Values that clients keep in the cache by keys of their own, and what can be loaded there ahead of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import msgspec

from brightspot.cache import KeptValues, Warming, shared_computed
from brightspot.cache.envelope import is_tag
from brightspot.core.errors import Conflict, InputRefused, NotFound
from brightspot.core.settings import Alias, load, setting
from brightspot.core.switches import Switches
from brightspot.operations.caches import VALUES
from brightspot.operations.loaders import register
from brightspot.resilience import Deadline

RESERVED: Final = ("analytics", "warm")
DEFAULT_TTL_SECONDS: Final = 3600.0
MOST_TTL_SECONDS: Final = 7 * 86_400.0
MOST_TAGS: Final = 10
MOST_WARMED: Final = 100
DEFAULT_WARMED: Final = 20
_NEVER: Final = "/?#%"
_INK: Final = '!"$&-.0->@-~'  # printable ASCII but for these and the blank
KEY_PATTERN: Final = f"^[{_INK}]([ {_INK}]{{0,198}}[{_INK}])?$"
Level = Literal["memory", "redis", "dynamodb"]
Strategy = Literal["preload", "popular"]


@dataclass(frozen=True, slots=True)
class ValueSettings:
    """How two levels of values that clients keep go together."""

    l1_seconds: float = setting(
        "CACHE_VALUES_L1_SECONDS", 5.0, "seconds a process serves a client's value without asking the store", least=0
    )
    ttl_seconds: float = setting(
        "CACHE_DEFAULT_TTL",
        DEFAULT_TTL_SECONDS,
        "seconds a client's value is good for where the client does not say",
        least=1,
        most=MOST_TTL_SECONDS,
        also=[Alias("L2_CACHE_DEFAULT_TTL")],
    )


class CachedValue(msgspec.Struct, frozen=True):
    """A value as it was kept. It is good for `ttl_seconds` more; `level` had it: this process, the store, the table."""

    key: str
    value: Any
    ttl_seconds: float
    age_seconds: float
    level: Level


class ValueKept(msgspec.Struct, frozen=True):
    """What was kept, for how long and with which tags; `size_bytes` is the value as JSON, before compression."""

    key: str
    ttl_seconds: float
    tags: tuple[str, ...]
    size_bytes: int


class ValueDeleted(msgspec.Struct, frozen=True):
    """Whether there was a value; either way there is none now."""

    key: str
    deleted: bool


class WarmedKey(msgspec.Struct, frozen=True):
    """What became of one key; `detail` says why it has no value."""

    status: Literal["fresh", "computed", "stale", "no_loader", "failed", "late"]
    detail: str = ""


class WarmedKeys(msgspec.Struct, frozen=True):
    """What became of each key: `warmed` is how many have a value now.

    `fresh` had one already and `computed` was loaded; `stale` kept an old one, as loading failed; `no_loader` says that
    nothing is registered for such a key, `late` that the request's time was over before its turn.
    """

    strategy: Strategy
    warmed: int
    keys: dict[str, WarmedKey]


def cached_value(tenant: str, key: str) -> CachedValue:
    """The value of a tenant's key. Raises NotFound, and InputRefused for what cannot be a key."""
    found = kept_values().get(_place(tenant, key))
    if found is None:
        raise NotFound(f"nothing is kept under {key!r}; keep a value with PUT, or load one with /api/v2/cache/warm")
    return CachedValue(key, found.value, round(found.ttl_seconds, 3), round(found.age_seconds, 3), found.level)


def keep_value(
    tenant: str, key: str, value: Any, ttl_seconds: float | None = None, tags: Sequence[str] = ()
) -> ValueKept:
    """Keep a value in place of what there is; for as long as the settings say, unless it is said here.

    Raises InputRefused for what cannot be kept so, StoreUnavailable when other instances could not see it.
    """
    place = _place(tenant, key)
    ttl_seconds = load(ValueSettings).ttl_seconds if ttl_seconds is None else ttl_seconds
    if not 0 < ttl_seconds <= MOST_TTL_SECONDS:
        raise InputRefused("ttl", f"send seconds, more than 0 and at most {MOST_TTL_SECONDS:.0f}")
    if len(tags) > MOST_TAGS or not all(map(is_tag, tags)):
        raise InputRefused("tags", f"send at most {MOST_TAGS} tags of 1 to 100 printable ASCII, without blank and =")
    size = kept_values().set(place, value, ttl_seconds, tuple(tags))
    return ValueKept(key, ttl_seconds, tuple(tags), size)


def delete_value(tenant: str, key: str) -> ValueDeleted:
    """Remove a value. Raises InputRefused, and StoreUnavailable when other instances could still see it."""
    return ValueDeleted(key, kept_values().delete(_place(tenant, key)))


def warm_values(
    tenant: str,
    keys: Sequence[str] = (),
    strategy: Strategy = "preload",
    limit: int | None = None,
    deadline: Deadline | None = None,
) -> WarmedKeys:
    """Load the keys that are sent, or with `popular` those of the tenant that are asked for most, as time allows.

    Raises InputRefused, Conflict where warming is switched off, and for `popular` StoreUnavailable.
    """
    if not load(Switches).warming:
        raise Conflict("warming is switched off here (CACHE_WARMING_ENABLED=false)")
    if strategy == "popular":
        if keys:
            raise InputRefused("keys", "send none: `popular` takes the keys that are asked for most")
        places = _most_asked(tenant, DEFAULT_WARMED if limit is None else limit)
    else:
        if limit is not None:
            raise InputRefused("limit", "send it with `popular` alone: all of `keys` are loaded")
        if not 0 < len(keys) <= MOST_WARMED:
            raise InputRefused("keys", f"send 1 to {MOST_WARMED} keys, or `popular` as strategy")
        places = [_place(tenant, key, f"keys[{number}]") for number, key in enumerate(keys)]
    done = value_warming().warm(places, deadline=deadline)
    told = {place[len(tenant) + 1 :]: WarmedKey(each.status, each.detail) for place, each in done.items()}
    return WarmedKeys(strategy, sum(each.status in {"fresh", "computed", "stale"} for each in told.values()), told)


def _most_asked(tenant: str, limit: int) -> list[str]:
    if not 0 < limit <= MOST_WARMED:
        raise InputRefused("limit", f"send 1 to {MOST_WARMED}")
    asked = value_warming().popular(1000)  # of all tenants: as many as are counted
    return [each for each in asked if each.startswith(f"{tenant}:")][:limit]


def _place(tenant: str, key: str, field: str = "key") -> str:
    """The key in the namespace: a tenant's name has no colon, so no tenant reaches another's."""
    if not re.fullmatch(KEY_PATTERN, key):
        raise InputRefused(
            field, f"send 1 to 200 printable ASCII characters without {' '.join(_NEVER)} and without blanks at the ends"
        )
    if key in RESERVED:
        raise InputRefused(field, f"{key!r} is reserved: send another key")
    return f"{tenant}:{key}"


@lru_cache(maxsize=1)
def kept_values() -> KeptValues:
    """The values of this process's cache, by tenant and key."""
    seconds = load(ValueSettings).l1_seconds
    return KeptValues(shared_computed(), VALUES, l1_seconds=seconds, longest=MOST_TTL_SECONDS)


@lru_cache(maxsize=1)
def value_warming() -> Warming:
    """The same values loaded ahead."""
    warming = Warming(shared_computed(), VALUES)
    register(warming, load(ValueSettings).l1_seconds)
    return warming
