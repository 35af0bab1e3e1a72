"""jobs_routes: work that takes longer than a request may: sent, looked at, had, ended and listed."""

from typing import Annotated, Any, Literal

from fastapi import Body, Header, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import jobs, locations, operations
from brightspot.http.idempotency import idempotency_key as read_key
from brightspot.http.periods import PeriodBody
from brightspot.http.routes import described, new_router

router = new_router("jobs")

# Loading them is what offers their types in this process.
JOB_TYPES = (locations.BULK_ANALYZE, operations.GENERATE_REPORT)
_ASK_AGAIN_SECONDS = "2"
_Id = Annotated[str, Path(alias="id", description="The `id` of the job.")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class BulkAnalyzeParameters(_Strict):
    """Which addresses to score, and how to look at them: either `addresses` or an `upload`."""

    addresses: list[str] | None = Field(
        default=None,
        description=f"US addresses, at most {locations.MOST_INLINE:,}, each in any spelling that an analysis takes.",
    )
    upload: str | None = Field(
        default=None,
        description=f"Instead: the `id` of an upload, a CSV file of at most {locations.MOST_ROWS:,} addresses.",
    )
    radius_miles: float = Field(
        default=locations.DEFAULT_RADIUS_MILES,
        ge=locations.LEAST_RADIUS_MILES,
        le=locations.MOST_RADIUS_MILES,
        description="How far the neighbourhoods reach, in miles.",
    )
    persona: str = Field(
        default=locations.DEFAULT_PERSONA, description=f"Whose weights count: {', '.join(locations.PERSONAS)}."
    )
    weights: dict[str, float] | None = Field(
        default=None, description="Weights by category instead of the persona's, as for a single analysis."
    )


class GenerateReportParameters(PeriodBody):
    """Which period: the last whole day when nothing is said."""


class WebhookBody(_Strict):
    """Whom to tell when the job is finished, in whatever way."""

    url: str = Field(description="Where the status of the job is posted to (https).")
    secret: str = Field(
        min_length=16, max_length=256, description="What the message is signed with; it is never shown again."
    )


class _JobBody(_Strict):
    priority: jobs.JobPriority = Field(
        default="normal", description="high: before others; low: when there is nothing else to do."
    )
    webhook: WebhookBody | None = None


class BulkAnalyzeBody(_JobBody):
    """Score thousands of addresses."""

    job_type: Literal["bulk_analyze"]
    parameters: BulkAnalyzeParameters


class GenerateReportBody(_JobBody):
    """Make a report on how the service did."""

    job_type: Literal["generate_report"]
    parameters: GenerateReportParameters = Field(default_factory=GenerateReportParameters)


BODIES = (BulkAnalyzeBody, GenerateReportBody)
_EXAMPLE = {
    "job_type": "bulk_analyze",
    "parameters": {"addresses": ["Rochester, MN 55901", "Duluth, MN 55802"], "persona": "parent"},
}


class UploadBody(_Strict):
    """The file that will be put there."""

    size: int = Field(alias="bytes", description=f"How many bytes it has: exactly, at most {jobs.MOST_UPLOADED:,}.")


class JobPage(BaseModel):
    """Which part of the list."""

    model_config = ConfigDict(extra="forbid")

    state: jobs.JobState | None = Field(default=None, description="Only jobs in this state.")
    limit: int = Field(default=jobs.DEFAULT_JOBS, ge=1, le=jobs.MOST_JOBS, description="How many at most.")
    cursor: str | None = Field(default=None, description="The next_cursor of the page before.")


@router.post(
    "/api/v2/batch/jobs",
    summary="Have something done that takes longer than a request may",
    responses=described(jobs.JobStatus, 400, 401, 403, 415, 422, 429, 503, status=202),
)
def submit(
    body: Annotated[
        BulkAnalyzeBody | GenerateReportBody,
        Body(discriminator="job_type", examples=[_EXAMPLE]),
    ],
    request: Request,
    idempotency_key: Annotated[
        str | None, Header(description="New for each job, the same for each try: tries with one key are one job.")
    ] = None,
) -> Any:
    """Take a job in, and say where to ask how it is. 429 when as many jobs wait or run as may."""
    caller = request.state.caller
    hook = None if body.webhook is None else jobs.Hook(body.webhook.url, body.webhook.secret)
    asked = jobs.JobAsked(
        body.job_type,
        body.parameters.model_dump(by_alias=True, exclude_none=True),
        caller.tenant,
        caller.subject,
        priority=body.priority,
        hook=hook,
        key=read_key(idempotency_key),
    )
    made = jobs.job_service().submit(asked)
    headers = {"Location": f"/api/v2/batch/jobs/{made.id}/status", "Retry-After": _ASK_AGAIN_SECONDS}
    return _answer(made, 202, headers)


@router.get(
    "/api/v2/batch/jobs",
    summary="Jobs that are kept",
    responses=described(jobs.JobList, 401, 403, 422, 429, 503),
)
def listed(asked: Annotated[JobPage, Query()], request: Request) -> Any:
    """Those of the caller's tenant, the newest first, a page at a time."""
    tenant = request.state.caller.tenant
    return _answer(jobs.job_service().listed(tenant, asked.state, asked.limit, asked.cursor))


@router.get(
    "/api/v2/batch/jobs/{id}/status",
    summary="How a job is",
    responses=described(jobs.JobStatus, 401, 403, 404, 422, 429, 503),
)
def status(job_id: _Id, request: Request) -> Any:
    """Its state, how much of it is done, and how long the rest will take."""
    told = jobs.job_service().look(job_id, request.state.caller.tenant)
    is_over = told.finished_at is not None
    return _answer(told, headers={} if is_over else {"Retry-After": _ASK_AGAIN_SECONDS})


@router.get(
    "/api/v2/batch/jobs/{id}/result",
    summary="What a job found",
    responses=described(jobs.JobResult, 401, 403, 404, 409, 422, 429, 503),
)
def result(job_id: _Id, request: Request) -> Any:
    """The result itself when it is small, and links to all its files. 409 for a job that is not done."""
    return _answer(jobs.job_service().result(job_id, request.state.caller.tenant))


@router.delete(
    "/api/v2/batch/jobs/{id}",
    summary="End a job that nobody wants any more",
    responses=described(jobs.JobStatus, 401, 403, 404, 409, 422, 429, 503),
)
def cancel(job_id: _Id, request: Request) -> Any:
    """No more of it is done from now on. 409 for a job that is finished."""
    return _answer(jobs.job_service().cancel(job_id, request.state.caller.tenant))


@router.post(
    "/api/v2/batch/uploads",
    summary="A place for a file that a job is to read",
    responses=described(jobs.JobUpload, 400, 401, 403, 415, 422, 429, 503, status=201),
)
def place(body: Annotated[UploadBody, Body(examples=[{"bytes": 48213}])], request: Request) -> Any:
    """Where to PUT the file: a link that takes exactly as many bytes, for some minutes."""
    return _answer(jobs.job_service().place(request.state.caller.tenant, body.size), 201)


def _answer(told: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(operations.encode(told), status, headers=headers, media_type="application/json")
