"""The router that functions use: plain `def` endpoints run inline, not through Starlette's thread pool.

An execution environment serves one request at a time, so a pool only adds its hand-over (DESIGN §2).
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute

from brightspot.audit import Actor
from brightspot.http.deadline import deadline_of
from brightspot.http.problems import MEDIA_TYPE
from brightspot.resilience import Deadline

_MEANINGS = {
    400: "The body is not valid JSON, or something in the request looks like an attack.",
    401: "A token is needed, or the one sent is not accepted.",
    403: "The token lacks the permission.",
    404: "There is no such thing.",
    409: "It came to nothing, or meets what is there already.",
    413: "The body is too large.",
    414: "The URL is too long.",
    415: "The body is not sent as JSON.",
    422: "A field cannot be used; `errors` says which and what to send.",
    429: "The limit is reached; `Retry-After` says when to come back.",
    431: "The headers are too large.",
    503: "The service cannot do its work now.",
}
_ANY_MAY = (400, 413, 414, 431)  # be told that


class _InlineRoute(APIRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _inline(endpoint), **options)


def _inline(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(endpoint):
        return endpoint

    @wraps(endpoint)
    async def run(*args: Any, **kwargs: Any) -> Any:  # being a coroutine is what keeps it off the pool
        return endpoint(*args, **kwargs)

    return run


def new_router(tag: str) -> APIRouter:
    """A router whose routes stand under `tag` in the API description."""
    return APIRouter(tags=[tag], route_class=_InlineRoute)


def request_deadline(request: Request) -> Deadline:
    """When this request's answer must be ready."""
    return deadline_of(request.scope)


def acting(request: Request) -> Actor:
    """Who asks for something that the audit log records."""
    state = request.state
    return Actor(state.caller.subject or "nobody", state.caller.tenant, state.client, state.request_id)


def described(
    answer: type,
    *refusals: int,
    status: int = 200,
    unwell: int | None = None,
    by_name: bool = False,
    accepted: type | None = None,
) -> dict[int | str, dict[str, Any]]:
    """Response descriptions of a route that answers with the msgspec struct `answer`, for the API description.

    `status` is that of such an answer; `unwell` is one that carries the same shape, as a health report of a sick
    service does; `by_name` says that the answer is an object with such a shape under each name; `accepted` is what a
    request that is still worked on is answered with, as 202. What any request may be refused with need not be named.

    The schemas are referred to by name here and filled in when the whole document is built.
    """
    shape: dict[str, Any] = {"$ref": f"#/components/schemas/{answer.__name__}"}
    if by_name:
        shape = {"type": "object", "additionalProperties": shape}
    ok = {"application/json": {"schema": shape}}
    told: dict[int | str, dict[str, Any]] = {status: {"description": (answer.__doc__ or "").strip(), "content": ok}}
    if accepted is not None:
        waiting = {"application/json": {"schema": {"$ref": f"#/components/schemas/{accepted.__name__}"}}}
        told[202] = {"description": (accepted.__doc__ or "").strip(), "content": waiting}
    told |= _refused(refusals)
    if unwell is not None:
        told[unwell] = {"description": _MEANINGS[unwell], "content": ok}
    return told


def described_text(media_type: str, description: str, *refusals: int) -> dict[int | str, dict[str, Any]]:
    """The same of a route whose answer is text of a media type of its own."""
    ok = {media_type: {"schema": {"type": "string"}}}
    return {200: {"description": description, "content": ok}, **_refused(refusals)}


def described_events(names: tuple[str, ...], *refusals: int) -> dict[int | str, dict[str, Any]]:
    """The same of a route whose answer is server-sent events of these names, each with JSON for its data."""
    event = {
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "event": {"type": "string", "enum": list(names)},
            "data": {"type": "string", "contentMediaType": "application/json"},
            "id": {"type": "string"},
        },
    }
    told = {"description": f"Events: {', '.join(names)}.", "content": {"text/event-stream": {"schema": event}}}
    return {200: told, **_refused(refusals)}


def _refused(refusals: tuple[int, ...]) -> dict[int | str, dict[str, Any]]:
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    statuses = sorted({*refusals, *_ANY_MAY})
    return {status: {"description": _MEANINGS[status], "content": problem} for status in statuses}
