"""batch_routes: score many addresses in one request."""

from typing import Annotated, Any, Final

from fastapi import Body, Header, Path, Query, Request
from fastapi.responses import Response
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from brightspot import locations
from brightspot.http.idempotency import idempotency_key as read_key
from brightspot.http.prefer import wait_of
from brightspot.http.routes import described, new_router, request_deadline

router = new_router("analysis")

_MOST_WAIT_SECONDS: Final = 20
_MOST_SECONDS: Final = 25.0
_ASK_AGAIN_SECONDS: Final = "2"


class BatchBody(BaseModel):
    """Which addresses to score, and how to look at them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    addresses: list[str] = Field(
        min_length=1,
        max_length=locations.MOST_ADDRESSES,
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


_EXAMPLE = {"addresses": ["Rochester, MN 55901", "St. Paul, MN 55101", "Duluth, MN 55802"], "radius_miles": 3.0}


@router.post(
    "/api/v1/analyze/batch",
    summary="Score up to 50 addresses",
    responses=described(locations.BatchAnswer, 400, 401, 403, 415, 422, 429, 503, accepted=locations.BatchProgress),
)
def submit(
    body: Annotated[BatchBody, Body(examples=[_EXAMPLE])],
    request: Request,
    prefer: Annotated[
        str | None,
        Header(
            description=f"`wait=N`: seconds to wait for the results, {_MOST_WAIT_SECONDS} by default and at most. "
            "`respond-async`: do not wait."
        ),
    ] = None,
    idempotency_key: Annotated[
        str | None, Header(description="New for each batch, the same for each try: tries with one key are one batch.")
    ] = None,
) -> Any:
    """Score each address as a single analysis would; the same place is analysed once.

    200 with the results when all are there in time, else 202 and where to ask for them. An address that cannot be used
    is an entry in `errors`, and the others are scored all the same.
    """
    asked = locations.BatchRequest(tuple(body.addresses), body.radius_miles, body.persona, body.weights)
    wait = wait_of(prefer, _MOST_WAIT_SECONDS)
    caller = request.state.caller
    reply = locations.batch_service().submit(
        asked,
        locations.Asker(caller.tenant, caller.subject),
        wait_seconds=wait.seconds,
        deadline=request_deadline(request).within(_MOST_SECONDS),
        key=read_key(idempotency_key),
    )
    headers = {} if reply.is_finished else _where(reply)
    if (applied := wait.applied(at_once=not reply.is_finished)) is not None:
        headers["Preference-Applied"] = applied
    return _answer(reply, 200 if reply.is_finished else 202, headers)


@router.get(
    "/api/v1/analyze/batch/{id}",
    summary="What has come of a batch",
    responses=described(locations.BatchAnswer, 401, 403, 404, 422, 429, 503),
)
def look(
    batch_id: Annotated[str, Path(alias="id", description="The `id` of the batch.")],
    request: Request,
    cursor: Annotated[str | None, Query(description="The next_cursor of the page before.")] = None,
) -> Any:
    """How far a batch is, and its results so far, in the order of its addresses, a page at a time."""
    reply = locations.batch_service().look(batch_id, request.state.caller.tenant, cursor)
    return _answer(reply, 200, {} if reply.is_finished else {"Retry-After": _ASK_AGAIN_SECONDS})


def _where(reply: locations.Reply) -> dict[str, str]:
    return {"Location": f"/api/v1/analyze/batch/{reply.batch_id}", "Retry-After": _ASK_AGAIN_SECONDS}


def _answer(reply: locations.Reply, status: int, headers: dict[str, str]) -> Response:
    return Response(reply.body, status, headers=headers, media_type="application/json")
