"""tasks_routes: tasks submitted, looked at, cancelled and tried anew; schedules made, paused and deleted."""

from typing import Annotated, Any, Literal

from fastapi import Header, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import operations
from brightspot.http.idempotency import idempotency_key as read_key
from brightspot.http.routes import acting, described, new_router

router = new_router("tasks")

_TaskPath = Annotated[str, Path(alias="id", max_length=40, description="The task's id.")]
_SchedulePath = Annotated[str, Path(alias="name", max_length=60, description="The schedule's name.")]
_NAME = "One of the registered tasks."
_CURSOR = "The next_cursor of the page before."


class TaskBody(BaseModel):
    """Which task to submit, with what, when and how."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(description=_NAME)
    args: list[Any] = Field(default_factory=list, description="Its arguments by place, as JSON.")
    kwargs: dict[str, Any] = Field(default_factory=dict, description="Its arguments by name.")
    priority: Literal["high", "normal", "low"] | None = Field(default=None, description="Its own when left out.")
    delay_seconds: float = Field(default=0.0, ge=0, le=31_536_000, description="How long it waits, a year at most.")
    depends_on: list[str] = Field(
        default_factory=list, max_length=100, description="Ids of tasks to wait for, or names: the newest of each."
    )
    key: str | None = Field(
        default=None, min_length=1, max_length=200, description="The same name and key are the same task."
    )
    max_retries: int | None = Field(default=None, ge=0, le=20, description="Tries after the first one.")


class TaskListing(BaseModel):
    """Which tasks, and which part of the list."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, description="Only tasks of this name.")
    state: operations.TaskState | None = Field(default=None, description="Only tasks in this state.")
    limit: int = Field(default=20, ge=1, le=100, description="How many at most.")
    cursor: str | None = Field(default=None, description=_CURSOR)


class RedriveBody(BaseModel):
    """Which dead letters are tried anew."""

    model_config = ConfigDict(extra="forbid", strict=True)

    priority: Literal["high", "normal", "low"] | None = Field(default=None, description="Only tasks of this priority.")
    limit: int = Field(default=100, ge=1, le=1000, description="How many at most.")


class ScheduleBody(BaseModel):
    """When which task is submitted again and again."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(description="1 to 55 letters, digits, - and _.")
    cron: str = Field(
        max_length=500, description="Five fields of cron, as in 0 2 * * *; or @hourly, @daily, @weekly, @monthly."
    )
    timezone: str = Field(default="UTC", max_length=64, description="IANA name, as in America/Chicago.")
    task: str = Field(description=_NAME)
    args: list[Any] = Field(default_factory=list, description="Its arguments by place, as JSON.")
    kwargs: dict[str, Any] = Field(default_factory=dict, description="Its arguments by name.")
    priority: Literal["high", "normal", "low"] | None = Field(default=None, description="Its own when left out.")
    max_retries: int | None = Field(default=None, ge=0, le=20, description="Tries after the first one.")


class ScheduleListing(BaseModel):
    """Which part of the list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=20, ge=1, le=100, description="How many at most.")
    cursor: str | None = Field(default=None, description=_CURSOR)


class StateBody(BaseModel):
    """Whether the schedule is due."""

    model_config = ConfigDict(extra="forbid", strict=True)

    state: Literal["active", "paused"] = Field(description="paused: what is due meanwhile is left out.")


@router.get(
    "/api/v1/tasks",
    summary="Tasks, the newest first",
    responses=described(operations.TaskPage, 401, 403, 422, 429, 503),
)
def tasks(asked: Annotated[TaskListing, Query()]) -> Any:
    """A page at a time, with the tries that each has had and what came of it."""
    found = operations.task_desk().listed(asked.name, asked.state, asked.limit, asked.cursor)
    return _told(found)


@router.post(
    "/api/v1/tasks",
    status_code=201,
    summary="Submit a task",
    responses=described(operations.TaskStatus, 401, 403, 409, 415, 422, 429, 503, status=201),
)
def submit(
    request: Request,
    body: TaskBody,
    idempotency_key: Annotated[str | None, Header(description="Instead of `key`: tries with one are one task.")] = None,
) -> Any:
    """The names that there are stand in the refusal of one that is not among them."""
    actor, key = acting(request), body.key or read_key(idempotency_key)
    asked = operations.TaskAsked(**{**body.model_dump(), "key": key}, tenant=actor.tenant)
    made = operations.audited(
        actor, "task.submit", body.name, lambda: operations.task_desk().submit(asked), {"key": key}
    )
    where = {"Location": f"/api/v1/tasks/{made.id}"}
    return Response(operations.encode(made), 201, headers=where, media_type="application/json")


@router.post(
    "/api/v1/tasks/redrive",
    summary="Try dead letters anew",
    responses=described(operations.Redriven, 401, 403, 415, 422, 429, 503),
)
def redrive_all(request: Request, body: RedriveBody) -> Any:
    """Tasks that failed for good are queued again, with all their tries."""
    detail = {"priority": body.priority, "limit": body.limit}
    done = operations.audited(
        acting(request),
        "task.redrive",
        "dead-letters",
        lambda: operations.task_desk().redrive_all(body.priority, body.limit),
        detail,
    )
    return _told(done)


@router.get(
    "/api/v1/tasks/{id}",
    summary="One task",
    responses=described(operations.TaskStatus, 401, 403, 404, 422, 429, 503),
)
def task(task_id: _TaskPath) -> Any:
    """As it is now."""
    return _told(operations.task_desk().find(task_id))


@router.delete(
    "/api/v1/tasks/{id}",
    summary="Cancel a task",
    responses=described(operations.TaskStatus, 401, 403, 404, 409, 422, 429, 503),
)
def cancel(request: Request, task_id: _TaskPath) -> Any:
    """One that has not begun does not begin; one that runs is told, and ends when it looks."""
    done = operations.audited(acting(request), "task.cancel", task_id, lambda: operations.task_desk().cancel(task_id))
    return _told(done)


@router.post(
    "/api/v1/tasks/{id}/redrive",
    summary="Try a failed task anew",
    responses=described(operations.TaskStatus, 401, 403, 404, 409, 415, 422, 429, 503),
)
def redrive(request: Request, task_id: _TaskPath) -> Any:
    """It is queued again, with all its tries."""
    done = operations.audited(acting(request), "task.redrive", task_id, lambda: operations.task_desk().redrive(task_id))
    return _told(done)


@router.get(
    "/api/v1/schedules",
    summary="Schedules of tasks",
    responses=described(operations.SchedulePage, 401, 403, 409, 422, 429, 503),
)
def schedules(asked: Annotated[ScheduleListing, Query()]) -> Any:
    """By name, a page at a time. Those of the stack's own functions are not among them: its template has them."""
    return _told(operations.task_desk().schedules().listed(asked.limit, asked.cursor))


@router.post(
    "/api/v1/schedules",
    status_code=201,
    summary="Submit a task again and again",
    responses=described(operations.TaskSchedule, 401, 403, 409, 415, 422, 429, 503, status=201),
)
def schedule(request: Request, body: ScheduleBody) -> Any:
    """Each time that cron is due is one task, however often Scheduler delivers it."""
    actor = acting(request)
    asked = operations.ScheduleAsked(**body.model_dump(), tenant=actor.tenant)
    made = operations.audited(
        actor,
        "schedule.create",
        body.name,
        lambda: operations.task_desk().schedule(asked),
        {"cron": body.cron, "timezone": body.timezone, "task": body.task},
    )
    where = {"Location": f"/api/v1/schedules/{made.name}"}
    return Response(operations.encode(made), 201, headers=where, media_type="application/json")


@router.get(
    "/api/v1/schedules/{name}",
    summary="One schedule",
    responses=described(operations.TaskSchedule, 401, 403, 404, 409, 422, 429, 503),
)
def one_schedule(name: _SchedulePath) -> Any:
    """When it is due, and what it submits."""
    return _told(operations.task_desk().schedules().find(name))


@router.put(
    "/api/v1/schedules/{name}/state",
    summary="Pause a schedule, or let it go on",
    responses=described(operations.TaskSchedule, 401, 403, 404, 409, 415, 422, 429, 503),
)
def switch(request: Request, name: _SchedulePath, body: StateBody) -> Any:
    """Tasks that it submitted before go on."""
    done = operations.audited(
        acting(request),
        "schedule.switch",
        name,
        lambda: operations.task_desk().schedules().switch(name, body.state),
        {"state": body.state},
    )
    return _told(done)


@router.delete(
    "/api/v1/schedules/{name}",
    summary="Delete a schedule",
    responses=described(operations.ScheduleDeleted, 401, 403, 404, 409, 422, 429, 503),
)
def delete(request: Request, name: _SchedulePath) -> Any:
    """Tasks that it submitted before go on."""
    done = operations.audited(
        acting(request), "schedule.delete", name, lambda: operations.task_desk().schedules().remove(name)
    )
    return _told(done)


def _told(answer: Any) -> Response:
    return Response(operations.encode(answer), media_type="application/json")
