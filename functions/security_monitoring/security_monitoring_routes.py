"""security_monitoring_routes: who is suspicious, what is blocked, and lifting it."""

from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.responses import Response

from brightspot import operations
from brightspot.http.routes import acting, described, new_router

router = new_router("security")


@router.get(
    "/api/v1/monitoring/security/monitoring",
    summary="Suspicious clients, blocks and the security score",
    responses=described(operations.SecurityMonitoring, 401, 403, 429),
)
def monitoring() -> Any:
    """What suspicious clients did in the last window, over all instances, and what is done about it."""
    return Response(operations.encode(operations.security_monitoring()), media_type="application/json")


@router.get(
    "/api/v1/monitoring/security/blocks",
    summary="What is blocked",
    responses=described(operations.Blocks, 401, 403, 429, 503),
)
def blocks() -> Any:
    """Every block of an address, of an address at one account, and of strangers at an account, longest first."""
    return Response(operations.encode(operations.security_blocks()), media_type="application/json")


@router.delete(
    "/api/v1/monitoring/security/blocks/{client:path}",
    summary="Lift the blocks of a client",
    responses=described(operations.Unblocked, 401, 403, 404, 422, 429, 503),
)
def lift(
    client: Annotated[str, Path(max_length=200, description="An address, with or without /64, or an account's id.")],
    request: Request,
) -> Any:
    """Its blocks end at once, for every instance, and its scores are forgotten: it starts anew."""
    done = operations.audited(acting(request), "block.lift", client, lambda: operations.lift_block(client))
    return Response(operations.encode(done), media_type="application/json")
