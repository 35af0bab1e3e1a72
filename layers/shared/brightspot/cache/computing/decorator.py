"""`@cached`: a function whose results are kept, by its name, its version and its arguments."""

import functools
import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol, cast, get_type_hints

from brightspot.cache.computing.arguments import CallKeys
from brightspot.cache.computing.computed import ComputedCache, Found
from brightspot.cache.computing.computed_value import VALUE, Codec, JsonCodec
from brightspot.cache.computing.copies import Copy
from brightspot.cache.computing.options import Options
from brightspot.cache.computing.shared_computing import shared_computed


class CachedFunction[**P, R](Protocol):
    """A function under `@cached`; of an async one, a call and `refresh` are awaited."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...

    def key(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """Where the result for these arguments is kept, in the namespace."""

    def invalidate(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Forget the result for these arguments; whether there was one. Raises StoreUnavailable."""

    def refresh(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Compute it now, whatever is kept, and keep it."""


def cached[**P, R](
    namespace: str,
    ttl: float,
    *,
    tags: Sequence[str] | Callable[..., Sequence[str]] = (),
    version: int = 1,
    key: Callable[..., str] | None = None,
    method: bool = False,
    codec: Codec | None = None,
    cache: ComputedCache | None = None,
    **options: Any,
) -> Callable[[Callable[P, R]], CachedFunction[P, R]]:
    """Keep a function's results for `ttl` seconds. The further `options` are those of `Options`.

    `tags` may be made of the arguments, as may the `key`. With `method` the first argument is no part of the key.
    Another `version` forgets what was kept before. Without a `codec` results are JSON, read back as the type that the
    function says it returns; without one as plain data. `cache` is the process's own one by default.
    """
    rules = Options(ttl=ttl, tags=() if callable(tags) else tuple(tags), **options)
    tagger = tags if callable(tags) else None

    def decorate(function: Callable[P, R]) -> CachedFunction[P, R]:
        keys = CallKeys(function, version=version, skip=int(method), key=key)
        made = _Cached(function, namespace, rules, keys, tagger=tagger, codec=codec, cache=cache)
        wrapper = made.awaitable() if inspect.iscoroutinefunction(function) else made.plain()
        functools.update_wrapper(wrapper, function)
        for name in ("key", "invalidate", "refresh"):
            setattr(wrapper, name, getattr(made, name))
        return cast("CachedFunction[P, R]", wrapper)

    return decorate


class _Cached:
    """One decorated function."""

    def __init__(
        self,
        function: Callable[..., Any],
        namespace: str,
        rules: Options,
        keys: CallKeys,
        *,
        tagger: Callable[..., Sequence[str]] | None,
        codec: Codec | None,
        cache: ComputedCache | None,
    ) -> None:
        self._function = function
        self._namespace = namespace
        self._rules = rules
        self._keys = keys
        self._tagger = tagger
        self._given_codec = codec
        self._cache = cache

    @functools.cached_property
    def _codec(self) -> Codec:
        """Found at the first call, when all that an annotation may name is there."""
        if self._given_codec is not None:
            return self._given_codec
        return JsonCodec(get_type_hints(self._function, include_extras=True).get("return", Any))

    def key(self, *args: Any, **kwargs: Any) -> str:
        return self._keys.key(args, kwargs)

    def invalidate(self, *args: Any, **kwargs: Any) -> bool:
        return self._home().forget(self._namespace, self._keys.key(args, kwargs), self._rules)

    def refresh(self, *args: Any, **kwargs: Any) -> Any:
        asked = (self._namespace, self._keys.key(args, kwargs), self._call(args, kwargs), self._ruled(args, kwargs))
        if inspect.iscoroutinefunction(self._function):
            return self._awaited(self._home().refresh_async(*asked, codec=self._codec))
        return self._home().refresh(*asked, codec=self._codec).value

    def plain(self) -> Callable[..., Any]:
        """The function's stand-in. What a hit in this process needs stands here, without a further call."""
        find, glance, shares = self._keys.spelled, self._glance, not self._rules.copy

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            key = find(args, kwargs)
            copy = glance(key)
            if copy is not None and shares and copy.kind == VALUE:
                return copy.value
            return self._home().get(*self._asked(key, args, kwargs), codec=self._codec).value

        return wrapper

    def awaitable(self) -> Callable[..., Any]:
        """The same for a coroutine function."""
        find, glance, shares = self._keys.spelled, self._glance, not self._rules.copy

        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            key = find(args, kwargs)
            copy = glance(key)
            if copy is not None and shares and copy.kind == VALUE:
                return copy.value
            found = await self._home().get_async(*self._asked(key, args, kwargs), codec=self._codec)
            return found.value

        return wrapper

    def _glance(self, key: str) -> Copy | None:
        held = self._home().held
        shelf = held.shelf(self._namespace)
        return held.glance(shelf, shelf.names.prefix + key, self._rules)

    def _asked(
        self, key: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[str, str, Callable[[], Any], Options]:
        return self._namespace, key, self._call(args, kwargs), self._ruled(args, kwargs)

    def _call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Callable[[], Any]:
        return functools.partial(self._function, *args, **kwargs)

    def _ruled(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Options:
        if self._tagger is None:
            return self._rules
        return replace(self._rules, tags=tuple(self._tagger(*args, **kwargs)))

    def _home(self) -> ComputedCache:
        return shared_computed() if self._cache is None else self._cache

    @staticmethod
    async def _awaited(finding: Awaitable[Found]) -> Any:
        return (await finding).value
