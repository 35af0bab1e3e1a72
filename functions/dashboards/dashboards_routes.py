"""dashboards_routes: how it goes, a subject at a time."""

from typing import Annotated, Any

from fastapi import Path, Query
from fastapi.responses import Response

from brightspot import operations
from brightspot.http.routes import described, new_router

router = new_router("monitoring")

_Minutes = Annotated[
    int,
    Query(
        ge=1,
        le=operations.MOST_DASHBOARD_MINUTES,
        description="How far back to look; of more than 120 minutes whole hours count.",
    ),
]


@router.get(
    "/api/v1/dashboards",
    summary="Which dashboards there are",
    responses=described(operations.DashboardList, 401, 403, 429),
)
def dashboards() -> Any:
    """Each dashboard, what it tells, and the permission that it needs."""
    return _answer(operations.dashboard_list())


# Of its own, since it needs another permission: the gate knows that by the path alone.
@router.get(
    "/api/v1/dashboards/security",
    summary="The dashboard about security",
    responses=described(operations.Dashboard, 401, 403, 422, 429),
)
def security(minutes: _Minutes = operations.DEFAULT_DASHBOARD_MINUTES) -> Any:
    """Who is suspicious, and what is held back, for administrators."""
    return _answer(operations.dashboard("security", minutes, by_admin=True))


@router.get(
    "/api/v1/dashboards/{name}",
    summary="One dashboard",
    responses=described(operations.Dashboard, 401, 403, 404, 422, 429),
)
def dashboard(
    name: Annotated[str, Path(max_length=40, description="One of those that GET /api/v1/dashboards lists.")],
    minutes: _Minutes = operations.DEFAULT_DASHBOARD_MINUTES,
) -> Any:
    """Figures, how they became so, and what to look at. What nobody measures is null, with the reason."""
    return _answer(operations.dashboard(name, minutes))


def _answer(told: operations.Dashboard | operations.DashboardList) -> Response:
    return Response(operations.encode(told), media_type="application/json")
