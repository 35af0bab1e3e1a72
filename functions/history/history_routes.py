"""history_routes: the analyses of the past, and how their scores went."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import locations
from brightspot.http.routes import described, new_router

router = new_router("history")


class Stretch(BaseModel):
    """Which part of the history."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(
        default=locations.DEFAULT_LISTED, ge=1, le=locations.MOST_LISTED, description="How many at most."
    )
    persona: str | None = Field(
        default=None, description=f"Only of this persona: {', '.join(locations.PERSONAS)}, custom."
    )
    since: str | None = Field(default=None, alias="from", description="From this date (UTC) or RFC 3339 time on.")
    until: str | None = Field(
        default=None, alias="to", description="Up to this date (UTC) or RFC 3339 time, inclusively."
    )
    cursor: str | None = Field(default=None, description="The next_cursor of the page before.")


class Lately(BaseModel):
    """Which score, over how many days."""

    model_config = ConfigDict(extra="forbid")

    metric: str = Field(default="overall", description=f"Which score: {', '.join(locations.TREND_METRICS)}.")
    days: int = Field(
        default=locations.DEFAULT_TREND_DAYS,
        ge=1,
        le=locations.MOST_TREND_DAYS,
        description="Over the last so many days; those before analyses are forgotten (retention_days) have none.",
    )
    persona: str | None = Field(
        default=None, description=f"Only of this persona: {', '.join(locations.PERSONAS)}, custom."
    )


class LatelyAt(Lately):
    """Which score, over how many days, and of which place."""

    address: str = Field(description="A US address in any spelling.")


class Everywhere(Stretch):
    """Which part of the history, and of which place."""

    address: str | None = Field(default=None, description="Only of this address, in any spelling.")


@router.get(
    "/api/v1/history",
    summary="The analyses of the past",
    responses=described(locations.HistoryPage, 401, 403, 422, 429, 503),
)
def recent(asked: Annotated[Everywhere, Query()], request: Request) -> Any:
    """Your tenant's analyses of every place or of one address, newest first, a page at a time."""
    return _page(asked, asked.address, request)


@router.get(
    "/api/v1/history/{address:path}",
    summary="The analyses of one address",
    responses=described(locations.HistoryPage, 401, 403, 422, 429, 503),
)
def of_place(
    address: Annotated[str, Path(description="A US address in any spelling, percent-encoded.")],
    asked: Annotated[Stretch, Query()],
    request: Request,
) -> Any:
    """Your tenant's analyses of one address, whatever way it was written then, newest first, a page at a time."""
    return _page(asked, address, request)


@router.get(
    "/api/v1/trends",
    summary="How a score of an address went",
    responses=described(locations.Trend, 401, 403, 422, 429, 503),
)
def trend(asked: Annotated[LatelyAt, Query()], request: Request) -> Any:
    """One score of one address over the last days, oldest first, with its slope, of your tenant's analyses."""
    return _trend(asked, asked.address, request)


@router.get(
    "/api/v1/trends/{address:path}",
    summary="How a score of the address in the path went",
    responses=described(locations.Trend, 401, 403, 422, 429, 503),
)
def trend_of_place(
    address: Annotated[str, Path(description="A US address in any spelling, percent-encoded.")],
    asked: Annotated[Lately, Query()],
    request: Request,
) -> Any:
    """One score of one address over the last days, oldest first, with its slope, of your tenant's analyses."""
    return _trend(asked, address, request)


def _trend(asked: Lately, address: str, request: Request) -> Response:
    of = locations.TrendRequest(address, asked.metric, asked.days, asked.persona)
    return _json(locations.trend(of, tenant=request.state.caller.tenant))


def _page(asked: Stretch, address: str | None, request: Request) -> Response:
    of = locations.HistoryRequest(asked.limit, asked.persona, asked.since, asked.until, asked.cursor, address)
    return _json(locations.past_analyses(of, request.state.caller.tenant))


def _json(told: Any) -> Response:
    return Response(locations.encode(told), media_type="application/json")
