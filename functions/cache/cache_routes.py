"""cache_routes: how the caches do, and clearing them."""

from typing import Annotated, Any

from fastapi import Body, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import locations, operations
from brightspot.http.routes import acting, described, new_router

router = new_router("cache")


class ClearBody(BaseModel):
    """What to clear; everything when nothing is said."""

    model_config = ConfigDict(extra="forbid", strict=True)

    namespace: str | None = Field(
        default=None,
        description="`analysis`, `search`, `values`, or `live-<source>` of a source that is on; all when left out.",
    )
    tag: str | None = Field(
        default=None,
        description=f"Only entries with this tag, such as {' or '.join(locations.CACHE_TAGS)}: analyses of places "
        "there, or in `values` a tag that a client gave. Searches and what live sources told have no tags.",
    )


@router.get(
    "/api/v1/cache/stats",
    summary="What is cached, and how often it served",
    responses=described(operations.CacheStats, 401, 403, 429),
)
def stats() -> Any:
    """Entries, memory, hits and misses over all instances; with the shared store away, of the one that answers."""
    return Response(operations.encode(operations.cache_stats()), media_type="application/json")


@router.post(
    "/api/v1/cache/clear",
    summary="Clear cached answers",
    responses=described(operations.Cleared, 400, 401, 403, 415, 422, 429, 503),
)
def clear(request: Request, body: Annotated[ClearBody | None, Body()] = None) -> Any:
    """Make cached entries stale everywhere at once, then remove them. `count` is what was really removed."""
    asked = body or ClearBody()
    cleared = operations.audited(
        acting(request),
        "cache.clear",
        asked.namespace or "all",
        lambda: operations.clear_cache(asked.namespace, asked.tag),
        {"tag": asked.tag},
    )
    return Response(operations.encode(cleared), media_type="application/json")
