"""circuit_breakers_routes: which collectors are held back, and letting them try again."""

from typing import Annotated, Any

from fastapi import Body
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import operations
from brightspot.http.routes import described, new_router

router = new_router("circuit breakers")


class ResetBody(BaseModel):
    """Which breaker to reset."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str | None = Field(default=None, description="Name of the breaker; all of them when left out.")


@router.get(
    "/api/v1/circuit-breakers",
    summary="State of every circuit breaker",
    responses=described(operations.BreakerState, 401, 403, 429, by_name=True),
)
def states() -> Any:
    """Each breaker by name, over all instances: closed, open or half_open, its counts and how long it has been so."""
    return Response(operations.encode(operations.breaker_states()), media_type="application/json")


@router.post(
    "/api/v1/circuit-breakers/reset",
    summary="Close circuit breakers",
    responses=described(operations.BreakersReset, 400, 401, 403, 415, 422, 429, 503),
)
def reset(body: Annotated[ResetBody | None, Body()] = None) -> Any:
    """Close one breaker, or all, and forget their counts, for every instance."""
    done = operations.reset_breakers(body.name if body is not None else None)
    return Response(operations.encode(done), media_type="application/json")
