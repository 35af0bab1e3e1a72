"""maintenance_runs_routes: the maintenance tasks, their runs, and one run by hand."""

from typing import Annotated, Any

from fastapi import Body, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import operations
from brightspot.http.routes import acting, described, new_router, request_deadline

router = new_router("maintenance")
_RUN_SECONDS = 25.0  # what is left of the request's time is for recording the end
_Name = Annotated[str, Path(description="Its name, as GET /api/v1/maintenance/tasks has it.")]


class RunBody(BaseModel):
    """How to run it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dry_run: bool = Field(default=False, description="Change nothing, and count what would be changed.")


class RunsPage(BaseModel):
    """Which part of the list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=operations.DEFAULT_RUNS, ge=1, le=operations.MOST_RUNS, description="How many at most.")
    cursor: str | None = Field(default=None, description="The next_cursor of the page before.")


@router.get(
    "/api/v1/maintenance/tasks",
    summary="The maintenance tasks",
    responses=described(operations.MaintenanceTasks, 401, 403, 429, 503),
)
def tasks() -> Any:
    """What each does, when it is due (UTC), and its last run."""
    return Response(operations.encode(operations.shared_upkeep().tasks()), media_type="application/json")


@router.get(
    "/api/v1/maintenance/tasks/{name}/runs",
    summary="Runs of a maintenance task",
    responses=described(operations.MaintenanceRuns, 401, 403, 404, 422, 429, 503),
)
def runs(name: _Name, asked: Annotated[RunsPage, Query()]) -> Any:
    """The latest first, a page at a time. They are kept for 90 days."""
    told = operations.shared_upkeep().history(name, asked.limit, asked.cursor)
    return Response(operations.encode(told), media_type="application/json")


@router.post(
    "/api/v1/maintenance/tasks/{name}/run",
    summary="Run a maintenance task",
    responses=described(operations.MaintenanceRun, 400, 401, 403, 404, 409, 415, 422, 429, 503),
)
def run(request: Request, name: _Name, body: Annotated[RunBody, Body(examples=[{"dry_run": True}])]) -> Any:
    """Runs for 25 s at most: what is left then (`outcome` is `stopped`), the next run goes on with.

    While another run of the task is under way it is refused (409).
    """
    actor, deadline = acting(request), request_deadline(request).within(_RUN_SECONDS)
    started = operations.Started("hand", actor.subject)
    done = operations.audited(
        actor,
        "maintenance.run",
        name,
        lambda: operations.shared_upkeep().run(name, deadline, dry_run=body.dry_run, started=started),
        {"dry_run": body.dry_run},
    )
    return Response(operations.encode(done), media_type="application/json")
