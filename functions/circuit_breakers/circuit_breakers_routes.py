"""circuit_breakers_routes: what is held back or closed for now, and letting it go again."""

from typing import Annotated, Any

from fastapi import Body, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import operations
from brightspot.http.routes import acting, described, new_router

router = new_router("circuit breakers")


class ResetBody(BaseModel):
    """Which breaker to reset."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str | None = Field(default=None, description="Name of the breaker; all of them when left out.")


class OpenBody(BaseModel):
    """Which breaker to hold open, and for how long."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(description="Name of the breaker.")
    seconds: float = Field(default=600, description="How long no call passes, at most 43,200; then it is tried again.")


class CloseBody(BaseModel):
    """Which breaker to close."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(description="Name of the breaker.")


class MaintenanceBody(BaseModel):
    """What the maintenance switch is to say."""

    model_config = ConfigDict(extra="forbid", strict=True)

    on: bool = Field(description="`false` keeps the service open, whatever its settings say.")
    retry_after_seconds: int | None = Field(
        default=None, description="What closed requests are told in `Retry-After`; as set when left out."
    )
    functions: list[str] = Field(
        default_factory=list, description="Close only these, named as in `RateLimit-Policy`; all when left out."
    )
    reason: str = Field(default="", description="One line for those who are turned away.")


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
def reset(request: Request, body: Annotated[ResetBody | None, Body()] = None) -> Any:
    """Close one breaker, or all, and forget their counts, for every instance."""
    name = body.name if body is not None else None
    done = operations.audited(acting(request), "breaker.reset", name or "all", lambda: operations.reset_breakers(name))
    return Response(operations.encode(done), media_type="application/json")


@router.post(
    "/api/v1/circuit-breakers/open",
    summary="Hold a circuit breaker open",
    responses=described(operations.BreakerState, 400, 401, 403, 415, 422, 429, 503),
)
def hold(request: Request, body: OpenBody) -> Any:
    """Let no call of one breaker through for a while, for every instance; trial calls follow, as after any opening."""
    state = operations.audited(
        acting(request),
        "breaker.open",
        body.name,
        lambda: operations.open_breaker(body.name, body.seconds),
        {"seconds": body.seconds},
    )
    return Response(operations.encode(state), media_type="application/json")


@router.post(
    "/api/v1/circuit-breakers/close",
    summary="Close a circuit breaker",
    responses=described(operations.BreakerState, 400, 401, 403, 415, 422, 429, 503),
)
def close(request: Request, body: CloseBody) -> Any:
    """Let calls of one breaker through at once, for every instance; unlike a reset it keeps the count of successes."""
    state = operations.audited(acting(request), "breaker.close", body.name, lambda: operations.close_breaker(body.name))
    return Response(operations.encode(state), media_type="application/json")


@router.get(
    "/api/v1/maintenance",
    summary="What is closed for maintenance",
    responses=described(operations.Maintenance, 401, 403, 429),
)
def maintenance() -> Any:
    """What the switch says, or the settings while nobody used it or the shared store is away."""
    return Response(operations.encode(operations.maintenance_state()), media_type="application/json")


@router.put(
    "/api/v1/maintenance",
    summary="Close the service for maintenance, or open it",
    responses=described(operations.Maintenance, 400, 401, 403, 415, 422, 429, 503),
)
def switch(request: Request, body: MaintenanceBody) -> Any:
    """Use the switch, for every instance at once. Reads, cached answers and administration are served in any case."""
    asked = body.model_dump()
    done = operations.audited(
        acting(request), "maintenance.switch", "service", lambda: operations.switch_maintenance(**asked), asked
    )
    return Response(operations.encode(done), media_type="application/json")


@router.delete(
    "/api/v1/maintenance",
    summary="Let the settings decide about maintenance again",
    responses=described(operations.Maintenance, 401, 403, 429, 503),
)
def forget(request: Request) -> Any:
    """Forget what the switch says."""
    done = operations.audited(acting(request), "maintenance.forget", "service", operations.forget_maintenance)
    return Response(operations.encode(done), media_type="application/json")
