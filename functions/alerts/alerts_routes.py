"""alerts_routes: what fires, silencing it, and saying that somebody looks into it."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from brightspot import operations
from brightspot.http.routes import acting, described, new_router

router = new_router("alerts")


class SilenceBody(BaseModel):
    """What is not to be told, for how long, and why."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rule: str | None = Field(default=None, description="Name of a rule; all of them when left out.")
    minutes: int = Field(
        ge=1, le=operations.MOST_SILENCE_MINUTES, description=f"How long, 1 to {operations.MOST_SILENCE_MINUTES:,}."
    )
    reason: str = Field(description="One line, for those who wonder why they were not told.")


@router.get(
    "/api/v1/monitoring/alerts",
    summary="What fires, and what fired lately",
    responses=described(operations.AlertReport, 401, 403, 422, 429, 503),
)
def alerts(
    state: Annotated[operations.AlertState | None, Query(description="Only alerts of this state.")] = None,
) -> Any:
    """Alerts that fire first, then pending ones, then the last 50 that were resolved; and what to do about them."""
    return Response(operations.encode(operations.alert_desk().report(state)), media_type="application/json")


@router.get(
    "/api/v1/monitoring/alerts/rules",
    summary="Every alert rule and its state",
    responses=described(operations.AlertRules, 401, 403, 429, 503),
)
def rules() -> Any:
    """Each with its condition in words, its state, and what to do first when it fires."""
    return Response(operations.encode(operations.alert_desk().rules()), media_type="application/json")


@router.get(
    "/api/v1/monitoring/alerts/silences",
    summary="What is silenced",
    responses=described(operations.AlertSilences, 401, 403, 429, 503),
)
def silences() -> Any:
    """Silences that are not over: of which rule, until when, by whom and why."""
    return Response(operations.encode(operations.alert_desk().silences()), media_type="application/json")


@router.post(
    "/api/v1/monitoring/alerts/silences",
    status_code=201,
    summary="Silence alerts",
    responses=described(operations.AlertSilence, 400, 401, 403, 415, 422, 429, 503, status=201),
)
def silence(request: Request, body: SilenceBody) -> Any:
    """Let nobody be told that a rule fires, for a while. The alert is seen all the same, as silenced."""
    actor = acting(request)
    made = operations.audited(
        actor,
        "alert.silence",
        body.rule or "all",
        lambda: operations.alert_desk().silence(body.rule, body.minutes, body.reason, actor.subject),
        {"minutes": body.minutes, "reason": body.reason},
    )
    return Response(operations.encode(made), 201, media_type="application/json")


@router.delete(
    "/api/v1/monitoring/alerts/silences/{id}",
    summary="End a silence",
    responses=described(operations.SilenceEnded, 401, 403, 404, 422, 429, 503),
)
def end_silence(
    request: Request, silence_id: Annotated[str, Path(alias="id", max_length=40, description="Its id.")]
) -> Any:
    """Alerts that still fire are told with the next look."""
    done = operations.audited(
        acting(request), "alert.unsilence", silence_id, lambda: operations.alert_desk().end_silence(silence_id)
    )
    return Response(operations.encode(done), media_type="application/json")


@router.post(
    "/api/v1/monitoring/alerts/{id}/acknowledge",
    summary="Say that somebody looks into an alert",
    responses=described(operations.Alert, 401, 403, 404, 415, 422, 429, 503),
)
def acknowledge(
    request: Request, alert_id: Annotated[str, Path(alias="id", max_length=40, description="Its id.")]
) -> Any:
    """A page that is acknowledged goes no further up. The first who says so stands."""
    actor = acting(request)
    known = operations.audited(
        actor,
        "alert.acknowledge",
        alert_id,
        lambda: operations.alert_desk().acknowledge(alert_id, actor.subject),
    )
    return Response(operations.encode(known), media_type="application/json")
