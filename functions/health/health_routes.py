"""health_routes: whether the service can do its work."""

from typing import Any

from fastapi.responses import Response

from brightspot import operations
from brightspot.http.routes import described, new_router

router = new_router("operations")


@router.get("/health", summary="Is the service well", responses=described(operations.Health, 429, unwell=503))
def health() -> Any:
    """Probe what an analysis needs. 200 when healthy or degraded, 503 when unhealthy."""
    report = operations.health()
    status = 503 if report.status == "unhealthy" else 200
    return Response(operations.encode(report), status, media_type="application/json")
