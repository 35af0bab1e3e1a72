"""search_routes: find the best ZIPs of an area."""

from typing import Annotated, Any

from fastapi import Body
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import locations
from brightspot.http.routes import described, new_router

router = new_router("analysis")


class NearBody(BaseModel):
    """Round which address to search."""

    model_config = ConfigDict(extra="forbid", strict=True)

    address: str = Field(description="A ZIP, a city with its state, or an address.")
    miles: float = Field(
        gt=0, le=locations.MOST_SEARCH_MILES, description="How far the ZIPs' centroids may be, in miles."
    )


class RangeBody(BaseModel):
    """What a value may be, both ends included."""

    model_config = ConfigDict(extra="forbid", strict=True)

    min: float | None = Field(default=None, description="The least.")
    max: float | None = Field(default=None, description="The most.")


class SearchBody(BaseModel):
    """Where to search, for whom, and among which ZIPs. Send one of state, county and near, or none for all ZIPs."""

    model_config = ConfigDict(extra="forbid", strict=True)

    state: str | None = Field(default=None, description="A state's postal code or name.")
    county: str | None = Field(default=None, description="A county's FIPS code, or its name and state.")
    near: NearBody | None = None
    radius_miles: float = Field(
        default=locations.DEFAULT_RADIUS_MILES,
        description=f"How far the neighbourhoods reach: {locations.DEFAULT_RADIUS_MILES:g} miles, and nothing else.",
    )
    persona: str = Field(
        default=locations.DEFAULT_PERSONA,
        description=f"Whose weights count: {', '.join(locations.PERSONAS)}.",
    )
    weights: dict[str, float] | None = Field(
        default=None, description="Weights by category instead of the persona's, as for a single analysis."
    )
    limit: int = Field(
        default=locations.DEFAULT_FOUND, ge=1, le=locations.MOST_FOUND, description="How many on a page at most."
    )
    filters: dict[str, RangeBody] = Field(
        default_factory=dict,
        description="Only ZIPs whose values lie in these ranges. A name is `overall_score`, a category (its score), or "
        "a point of an analysis other than the catchment's.",
    )
    cursor: str | None = Field(default=None, description="The next_cursor of the page before.")


_EXAMPLE = {"state": "MN", "persona": "business", "filters": {"population": {"min": 5000}}}


@router.post(
    "/api/v1/search",
    summary="Find the best ZIPs of an area",
    responses=described(locations.SearchResults, 400, 401, 403, 415, 422, 429, 503),
)
def search(body: Annotated[SearchBody, Body(examples=[_EXAMPLE])]) -> Any:
    """The ZIPs of a state, of a county or near an address with the highest overall scores, a page at a time.

    Scores are those that an analysis of each ZIP gives by the embedded data, 3 miles round.
    """
    asked = locations.SearchRequest(
        state=body.state,
        county=body.county,
        near=None if body.near is None else locations.Near(body.near.address, body.near.miles),
        radius_miles=body.radius_miles,
        persona=body.persona,
        weights=body.weights,
        limit=body.limit,
        filters={name: locations.ValueRange(each.min, each.max) for name, each in body.filters.items()},
        cursor=body.cursor,
    )
    return Response(locations.encode(locations.search_zips(asked)), media_type="application/json")
