"""cached_values_routes: values that clients keep by key, loading them ahead, and how the cache's levels do."""

from typing import Annotated, Any, Literal

from fastapi import Body, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import operations
from brightspot.http.routes import described, new_router, request_deadline

router = new_router("cache")

_REFUSALS = (401, 403, 422, 429)
_Key = Annotated[
    str,
    Path(
        description="1 to 200 printable ASCII characters without / ? # %; it may hold `:`. "
        f"Reserved: {', '.join(operations.RESERVED)}.",
        json_schema_extra={"pattern": operations.KEY_PATTERN},  # checked where the refusal says what to send
    ),
]


class ValueBody(BaseModel):
    """What to keep."""

    model_config = ConfigDict(extra="forbid", strict=True)

    value: Any = Field(description="Any JSON, null included.")
    ttl: float | None = Field(
        default=None,
        description=f"Seconds it is good for, at most {operations.MOST_TTL_SECONDS:,.0f}. When left out, "
        f"{operations.DEFAULT_TTL_SECONDS:,.0f}, or what `CACHE_DEFAULT_TTL` says.",
    )
    tags: list[str] = Field(
        default_factory=list,
        description="What it can be cleared by, together with others: `POST /api/v1/cache/clear` with the namespace "
        f"`values` and a `tag`. At most {operations.MOST_TAGS}.",
    )


class WarmBody(BaseModel):
    """What to load."""

    model_config = ConfigDict(extra="forbid", strict=True)

    keys: list[str] = Field(
        default_factory=list,
        description=f"For `preload`, at most {operations.MOST_WARMED}. Loaders there are: "
        f"{'; '.join(operations.LOADERS.values())}.",
    )
    strategy: Literal["preload", "popular"] = Field(
        default="preload", description="`preload` loads `keys`, `popular` the keys that are asked for most."
    )
    limit: int | None = Field(
        default=None,
        description=f"For `popular`: how many keys, at most {operations.MOST_WARMED}; "
        f"{operations.DEFAULT_WARMED} when left out.",
    )


_EXAMPLE = {"keys": ["analysis:Rochester, MN 55901", "best:MN"], "strategy": "preload"}


@router.get(
    "/api/v2/cache/analytics",
    summary="How the levels of the cache do",
    responses=described(operations.CacheAnalytics, 401, 403, 429),
)
def analytics() -> Any:
    """Hits by level and namespace, evictions and compression, over all instances."""
    return _answer(operations.cache_analytics())


@router.post(
    "/api/v2/cache/warm",
    summary="Load values into the cache",
    responses=described(operations.WarmedKeys, 400, 409, 415, 503, *_REFUSALS),
)
def warm(body: Annotated[WarmBody, Body(examples=[_EXAMPLE])], request: Request) -> Any:
    """Load what loaders are registered for, before anybody asks. Each key has its own result."""
    caller, deadline = request.state.caller, request_deadline(request)
    return _answer(operations.warm_values(caller.tenant, body.keys, body.strategy, body.limit, deadline))


@router.get(
    "/api/v2/cache/{key}",
    summary="A value that is kept",
    responses=described(operations.CachedValue, 404, *_REFUSALS),
)
def value(key: _Key, request: Request) -> Any:
    """The value of a key of yours, with its age and which level had it. Nothing is computed."""
    return _answer(operations.cached_value(request.state.caller.tenant, key))


@router.put(
    "/api/v2/cache/{key}",
    summary="Keep a value",
    responses=described(operations.ValueKept, 400, 415, 503, *_REFUSALS),
)
def keep(key: _Key, body: ValueBody, request: Request) -> Any:
    """Keep a value in place of what there is. Other instances see it within 5 seconds (`CACHE_VALUES_L1_SECONDS`)."""
    return _answer(operations.keep_value(request.state.caller.tenant, key, body.value, body.ttl, body.tags))


@router.delete(
    "/api/v2/cache/{key}",
    summary="Remove a value",
    responses=described(operations.ValueDeleted, 503, *_REFUSALS),
)
def delete(key: _Key, request: Request) -> Any:
    """Remove a value; also what others are computing for it is not kept. `deleted` says whether there was one."""
    return _answer(operations.delete_value(request.state.caller.tenant, key))


def _answer(told: Any) -> Response:
    return Response(operations.encode(told), media_type="application/json")
