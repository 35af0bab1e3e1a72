"""report_routes: an analysis of the past as a page to print, as JSON, or as CSV."""

from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.responses import Response

from brightspot import locations
from brightspot.http.routes import described, described_text, new_router

router = new_router("history")

_REFUSALS = (401, 403, 404, 409, 422, 429, 503)
_SHAPE = {"pattern": locations.ID_PATTERN}  # described here, and checked where the refusal says what to send
_Id = Annotated[str, Path(alias="id", description="The `id` of the analysis.", json_schema_extra=_SHAPE)]


@router.get(
    "/api/v1/analyses/{id}/report",
    summary="An analysis as a page to print",
    response_class=Response,
    responses=described_text("text/html", "One self-contained page: no script, and nothing to load.", *_REFUSALS),
)
def page(analysis_id: _Id, request: Request) -> Any:
    """The whole analysis with charts and a map as one HTML page, ready to print. Another tenant's is not found.

    Each value stands with its percentile, contribution, source and vintage; what is missing, with its reason.
    """
    policy = {"Content-Security-Policy": locations.security_policy(), "Referrer-Policy": "no-referrer"}
    return _answer(_report(analysis_id, "html", request), "inline", policy)


@router.get(
    "/api/v1/analyses/{id}/report.json",
    summary="An analysis as it was stored",
    response_class=Response,
    responses=described(locations.Analysis, *_REFUSALS),
)
def stored(analysis_id: _Id, request: Request) -> Any:
    """The analysis as it was answered when it was made. Another tenant's is not found."""
    return _answer(_report(analysis_id, "json", request), "attachment")


@router.get(
    "/api/v1/analyses/{id}/report.csv",
    summary="The data points of an analysis as CSV",
    response_class=Response,
    responses=described_text("text/csv", "A header and one row for each data point (RFC 4180).", *_REFUSALS),
)
def rows(analysis_id: _Id, request: Request) -> Any:
    """One row for each data point, found or missing. Another tenant's analysis is not found.

    category, point, value, unit, percentile, direction, contribution, source, vintage, level, kind, reason (why it is
    missing), bound, label. A text that a spreadsheet would take for a formula is led by an apostrophe.
    """
    return _answer(_report(analysis_id, "csv", request), "attachment")


def _report(analysis_id: str, form: str, request: Request) -> locations.Report:
    return locations.stored_report(analysis_id, form, tenant=request.state.caller.tenant)


def _answer(report: locations.Report, disposition: str, headers: dict[str, str] | None = None) -> Response:
    told = {
        "Content-Disposition": f'{disposition}; filename="{report.filename}"',
        "X-Content-Type-Options": "nosniff",
        **(headers or {}),
    }
    return Response(report.body, headers=told, media_type=report.media_type)
