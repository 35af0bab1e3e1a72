"""audit_routes: what administrators did."""

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import operations
from brightspot.http.routes import described, new_router

router = new_router("audit")


class Asked(BaseModel):
    """Which entries."""

    model_config = ConfigDict(extra="forbid")

    stream: str = Field(default="admin", description="Which stream: admin is what administrators did.")
    actor: str | None = Field(default=None, description="Only of this subject.")
    action: str | None = Field(default=None, description="Only this action, such as cache.clear.")
    since: str | None = Field(default=None, alias="from", description="From this date (UTC) or RFC 3339 time on.")
    until: str | None = Field(
        default=None, alias="to", description="Up to this date (UTC) or RFC 3339 time, inclusively."
    )
    limit: int = Field(
        default=operations.DEFAULT_AUDITED, ge=1, le=operations.MOST_AUDITED, description="How many at most."
    )
    cursor: str | None = Field(default=None, description="The next_cursor of the page before.")


@router.get(
    "/api/v1/audit",
    summary="What administrators did",
    responses=described(operations.AuditPage, 401, 403, 422, 429, 503),
)
def entries(asked: Annotated[Asked, Query()]) -> Any:
    """Entries of the audit log, newest first, a page at a time; each carries the hash of the one before it."""
    query = operations.AuditQuery(**asked.model_dump())
    return Response(operations.encode(operations.audit_page(query)), media_type="application/json")
