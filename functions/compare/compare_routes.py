"""compare_routes: rank a few sites and tell what parts them."""

from typing import Annotated, Any

from fastapi import Body, Request
from fastapi.responses import Response
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from brightspot import locations
from brightspot.http.routes import described, new_router, request_deadline

router = new_router("analysis")


class CompareBody(BaseModel):
    """Which addresses to compare, and how to look at them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    addresses: list[str] = Field(
        min_length=locations.LEAST_COMPARED,
        max_length=locations.MOST_COMPARED,
        description="US addresses, each in any of the spellings that a single analysis takes.",
    )
    radius_miles: float = Field(
        default=locations.DEFAULT_RADIUS_MILES,
        ge=locations.LEAST_RADIUS_MILES,
        le=locations.MOST_RADIUS_MILES,
        validation_alias=AliasChoices("radius_miles", "radius"),
        description="How far the neighbourhoods reach, in miles. `radius` is an alias.",
    )
    persona: str = Field(
        default=locations.DEFAULT_PERSONA,
        description=f"Whose weights count: {', '.join(locations.PERSONAS)}.",
    )
    weights: dict[str, float] | None = Field(
        default=None, description="Weights by category instead of the persona's, as for a single analysis."
    )


_EXAMPLE = {"addresses": ["Rochester, MN 55901", "St. Paul, MN 55101", "Duluth, MN 55802"], "persona": "business"}


@router.post(
    "/api/v1/compare",
    summary="Compare 2 to 10 addresses",
    responses=described(locations.Comparison, 400, 401, 403, 415, 422, 429, 503),
)
def compare(body: Annotated[CompareBody, Body(examples=[_EXAMPLE])], request: Request) -> Any:
    """Rank sites by their overall scores, and tell what parts them and how firm the order is.

    How far they are apart in each category, which points make the difference, and how far weights must move before the
    order changes. Each site is analysed as a single analysis would. An address that cannot be located is an entry in
    `errors`, and the others are compared all the same.
    """
    asked = locations.CompareRequest(tuple(body.addresses), body.radius_miles, body.persona, body.weights)
    found = locations.compare_sites(asked, request_deadline(request), request.state.caller.tenant)
    return Response(locations.encode(found), media_type="application/json")
