"""Values made before they are asked for: by a list of keys, or the ones asked for most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from brightspot.cache.computing.computed import ComputedCache
from brightspot.cache.computing.computed_value import Codec, JsonCodec
from brightspot.cache.computing.options import Options
from brightspot.resilience.deadline import Deadline

_JSON = JsonCodec()


@dataclass(frozen=True, slots=True)
class Warmed:
    """What became of one key; `detail` says why it failed. `late`: there was no time left for it."""

    status: Literal["fresh", "computed", "stale", "no_loader", "failed", "late"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Loader:
    pattern: str
    load: Callable[[str], Any]
    options: Options
    codec: Codec


class Warming:
    """Of one namespace. What its loaders make is what `ComputedCache.get` finds for the same key and options."""

    def __init__(self, cache: ComputedCache, namespace: str) -> None:
        self._cache = cache
        self._namespace = namespace
        self._loaders: list[_Loader] = []
        cache.count_popularity(namespace)

    def register(self, pattern: str, load: Callable[[str], Any], options: Options, *, codec: Codec = _JSON) -> None:
        """Load the keys that match a shell pattern (`zip:*`) so; of several patterns the first registered counts."""
        self._loaders.append(_Loader(pattern, load, options, codec))

    def get(self, key: str) -> Any:
        """The value of a key, loaded when it is missing. Raises LookupError for a key that no loader is for."""
        loader = self._loader(key)
        if loader is None:
            raise LookupError(f"no loader of {self._namespace!r} is for {key!r}")
        return self._load(loader, key, None).value

    def warm(self, keys: Sequence[str], *, deadline: Deadline | None = None) -> dict[str, Warmed]:
        """Make sure of every key, one after the other until the deadline; what became of each. Raises nothing."""
        return {key: self._warm(key, deadline) for key in keys}

    def warm_popular(self, count: int, *, deadline: Deadline | None = None) -> dict[str, Warmed]:
        """The same for the keys asked for most, in all processes. Raises StoreUnavailable."""
        return self.warm(self.popular(count), deadline=deadline)

    def has_loader(self, key: str) -> bool:
        """Whether a loader is registered for a key."""
        return self._loader(key) is not None

    def renew(self, key: str) -> Warmed:
        """Load a key now, whatever value it has; what became of it. Raises nothing."""
        loader = self._loader(key)
        if loader is None:
            return Warmed("no_loader")
        try:
            found = self._cache.refresh(
                self._namespace, key, lambda: loader.load(key), loader.options, codec=loader.codec
            )
        except Exception as error:  # noqa: BLE001  # as above
            return Warmed("failed", f"{type(error).__name__}: {error}")
        return Warmed(found.status)

    def popular(self, count: int) -> list[str]:
        """The keys asked for most, in all processes, the first one first. Raises StoreUnavailable."""
        return self._cache.most_popular(self._namespace, count)

    def _warm(self, key: str, deadline: Deadline | None) -> Warmed:
        loader = self._loader(key)
        if loader is None:
            return Warmed("no_loader")
        if deadline is not None and not deadline.remaining():
            return Warmed("late")
        try:
            return Warmed(self._load(loader, key, deadline).status)
        except Exception as error:  # noqa: BLE001  # one key that fails costs no other its warmth
            return Warmed("failed", f"{type(error).__name__}: {error}")

    def _load(self, loader: _Loader, key: str, deadline: Deadline | None) -> Any:
        return self._cache.get(
            self._namespace, key, lambda: loader.load(key), loader.options, codec=loader.codec, deadline=deadline
        )

    def _loader(self, key: str) -> _Loader | None:
        return next((each for each in self._loaders if fnmatchcase(key, each.pattern)), None)
