"""reports_routes: reports on how the service did, made on demand, listed, and had as JSON or as a page."""

from typing import Annotated, Any

from fastapi import Body, Header, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import operations
from brightspot.http.idempotency import idempotency_key as read_key
from brightspot.http.negotiation import media_type
from brightspot.http.periods import PeriodBody
from brightspot.http.routes import described, new_router

router = new_router("monitoring")

_FORMS: dict[str, operations.ReportForm] = {"application/json": "json", "text/html": "html"}


class ReportBody(PeriodBody):
    """Which period: the last whole day when nothing is said."""


class ReportPage(BaseModel):
    """Which part of the list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(
        default=operations.DEFAULT_REPORTS, ge=1, le=operations.MOST_REPORTS, description="How many at most."
    )
    cursor: str | None = Field(default=None, description="The next_cursor of the page before.")


@router.post(
    "/api/v1/monitoring/reports",
    summary="Make a report on how the service did",
    responses=described(operations.ReportEntry, 400, 401, 403, 415, 422, 429, 503, status=201),
)
def make(
    request: Request,
    body: Annotated[ReportBody, Body(examples=[{"period": "week"}])],
    idempotency_key: Annotated[
        str | None, Header(description="New for each report, the same for each try: tries with one key are one report.")
    ] = None,
) -> Any:
    """Traffic, latency, errors, caches, analyses, health, sources, security and cost drivers of a day, week or stretch.

    The report on a period that was made before takes the place of that one.
    """
    caller = request.state.caller
    asked = operations.ReportAsked(
        body.period,
        body.since,
        body.until,
        read_key(idempotency_key),
        f"{caller.tenant} {caller.subject}",
    )
    made = operations.report_service().ask(asked)
    where = {"Location": f"/api/v1/monitoring/reports/{made.id}"}
    return Response(operations.encode(made), 201, headers=where, media_type="application/json")


@router.get(
    "/api/v1/monitoring/reports",
    summary="The reports that are kept",
    responses=described(operations.ReportList, 401, 403, 422, 429, 503),
)
def listed(asked: Annotated[ReportPage, Query()]) -> Any:
    """Those of the latest periods first, a page at a time. One is made each day, and kept for 400."""
    told = operations.report_service().listed(asked.limit, asked.cursor)
    return Response(operations.encode(told), media_type="application/json")


_READ = described(operations.AnalyticsReport, 401, 403, 404, 422, 429, 503)
_READ[200]["content"]["text/html"] = {"schema": {"type": "string"}}


@router.get(
    "/api/v1/monitoring/reports/{id}",
    summary="One report, as JSON or as a page to print",
    response_class=Response,
    responses=_READ,
)
def read(
    report_id: Annotated[
        str, Path(alias="id", description="The `id` of the report; with `.json` or `.html` behind it, in that form.")
    ],
    request: Request,
) -> Any:
    """As JSON, or as one self-contained page (no script, nothing to load) when `Accept` prefers `text/html`."""
    wanted = media_type(request.headers.get("accept"), list(_FORMS))
    found = operations.report_service().read(report_id, _FORMS[wanted])
    told = {
        "Content-Disposition": f'{"inline" if found.policy else "attachment"}; filename="{found.filename}"',
        "Vary": "Accept",
        **({"Content-Security-Policy": found.policy, "Referrer-Policy": "no-referrer"} if found.policy else {}),
    }
    return Response(found.body, headers=told, media_type=found.media_type)
