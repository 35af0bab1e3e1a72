"""cache_routes: clear what is cached."""

from typing import Annotated, Any

from fastapi import Body
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import operations
from brightspot.http.routes import described, new_router

router = new_router("cache")


class ClearBody(BaseModel):
    """What to clear."""

    model_config = ConfigDict(extra="forbid", strict=True)

    namespace: str | None = Field(
        default=None, description=f"One of {', '.join(operations.CACHE_NAMESPACES)}; all of them when left out."
    )


@router.post(
    "/api/v1/cache/clear",
    summary="Clear cached answers",
    responses=described(operations.Cleared, 400, 401, 403, 422, 429, 503),
)
def clear(body: Annotated[ClearBody | None, Body()] = None) -> Any:
    """Make cached entries stale everywhere at once, then remove them. `count` is what was really removed."""
    cleared = operations.clear_cache(body.namespace if body is not None else None)
    return Response(operations.encode(cleared), media_type="application/json")
