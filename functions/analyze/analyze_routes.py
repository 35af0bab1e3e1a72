"""analyze_routes: score one address."""

from typing import Annotated, Any

from fastapi import Body, Request
from fastapi.responses import Response
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from brightspot import locations
from brightspot.http.routes import described, new_router, request_deadline

router = new_router("analysis")


class AnalyzeBody(BaseModel):
    """Which address to score, and how to look at it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    address: str = Field(description="A US address: street, city, state and ZIP; City, ST ZIP; ZIP; or City, ST.")
    radius_miles: float = Field(
        default=locations.DEFAULT_RADIUS_MILES,
        ge=locations.LEAST_RADIUS_MILES,
        le=locations.MOST_RADIUS_MILES,
        validation_alias=AliasChoices("radius_miles", "radius"),
        description="How far the neighbourhood reaches, in miles. `radius` is an alias.",
    )
    persona: str = Field(
        default=locations.DEFAULT_PERSONA,
        description=f"Whose weights count: {', '.join(locations.PERSONAS)}.",
    )
    weights: dict[str, float] | None = Field(
        default=None,
        description="Weights by category instead of the persona's; they are scaled to sum to 1, and a category left "
        f"out counts 0. Categories: {', '.join(locations.CATEGORIES)}.",
    )


_EXAMPLE = {"address": "Rochester, MN 55901", "radius_miles": 3.0, "persona": "business"}


@router.post(
    "/api/v1/analyze",
    summary="Score one address",
    responses=described(locations.Analysis, 400, 401, 403, 415, 422, 429, 503),
)
def analyze(body: Annotated[AnalyzeBody, Body(examples=[_EXAMPLE])], request: Request) -> Any:
    """Score a US address from 0 to 100 as the site of a child-care centre, with every data point behind the score."""
    asked = locations.AnalyzeRequest(body.address, body.radius_miles, body.persona, body.weights)
    analysis = locations.service().analyze(asked, request_deadline(request), tenant=request.state.caller.tenant)
    return Response(locations.encode(analysis), media_type="application/json")
