"""The FastAPI app of one function: inline endpoints, and every error as a problem."""

import logging
from math import ceil
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from brightspot import VERSION
from brightspot.core.errors import BrightspotError, Conflict, InputRefused, NotFinished, NotFound
from brightspot.core.kinds import DATABASE, EXTERNAL_SERVICE, kind_of
from brightspot.http.front import INTERNAL
from brightspot.http.problems import MEDIA_TYPE, Problem, access_problem
from brightspot.intrusion import Seen
from brightspot.security import AccessRefused
from brightspot.store import AwsUnavailable, BucketUnavailable
from brightspot.valkey import StoreUnavailable

TITLE = "Brightspot"
_SOON_SECONDS = 5
_NOT_FOUND = 404  # of a route; what is not there under a known one is NotFound
_log = logging.getLogger(__name__)
_ADVICE = {
    "missing": "send it",
    "extra_forbidden": "unknown field; leave it out",
    "too_short": "send at least {min_length}",
    "too_long": "send at most {max_length}",
    "string_type": "send a string",
    "float_type": "send a number",
    "float_parsing": "send a number",
    "dict_type": "send an object",
    "model_attributes_type": "send a JSON object",
    "union_tag_invalid": "send one of {expected_tags}",
    "union_tag_not_found": "send it",
}


def create_app(router: APIRouter) -> FastAPI:
    """An app that serves `router`; its own documentation pages are off, the docs function has them for all.

    Errors are answered by coroutines: anything else Starlette runs on threads, for which it loads 13 modules more.
    """
    app = FastAPI(title=TITLE, version=VERSION, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.include_router(router)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(InputRefused, _refused)
    app.add_exception_handler(NotFound, _missing)
    app.add_exception_handler(Conflict, _conflicting)
    app.add_exception_handler(NotFinished, _unfinished)
    app.add_exception_handler(AccessRefused, _access)
    app.add_exception_handler(StoreUnavailable, _unavailable)
    app.add_exception_handler(AwsUnavailable, _database_unavailable)
    app.add_exception_handler(BrightspotError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)
    return app


def _answer(request: Request, problem: Problem) -> Response:
    body = problem.body(request.url.path, request.state.request_id)
    return Response(body, problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


async def _invalid(request: Request, error: Any) -> Response:
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return _answer(request, Problem(400, "Malformed JSON", "the body is not valid JSON"))
    errors = [_field_error(each, error.body) for each in found]
    detail = "; ".join(f"{each['field']}: {each['message']}" for each in errors)
    return _answer(request, Problem(422, "Validation failed", detail, errors=errors))


def _field_error(error: dict[str, Any], body: Any) -> dict[str, str]:
    advice = _ADVICE.get(error["type"])
    return {
        "field": _path(error, body),
        "message": error["msg"] if advice is None else advice.format(**error.get("ctx", {})),
    }


def _path(error: dict[str, Any], body: Any) -> str:
    """The field, with dots. Of a tagged union pydantic tells the tag, too, which is the value of one field of it."""
    if error["type"].startswith("union_tag_"):
        return str(error["ctx"]["discriminator"]).strip("'")
    parts = error["loc"][1:]
    if len(parts) > 1 and isinstance(body, dict) and parts[0] not in body and parts[0] in body.values():
        parts = parts[1:]
    return ".".join(str(part) for part in parts) or "body"


async def _refused(request: Request, error: Any) -> Response:
    errors = [{"field": error.field, "message": error.detail}]
    problem = Problem(422, error.title, error.detail, errors=errors, understood=error.understood)
    return _answer(request, problem)


async def _missing(request: Request, error: Exception) -> Response:
    return _answer(request, Problem(404, "Not found", str(error)))


async def _conflicting(request: Request, error: Exception) -> Response:
    return _answer(request, Problem(409, "Conflict", str(error)))


async def _access(request: Request, error: Any) -> Response:
    if error.signal is not None:
        request.state.seen.append(Seen(error.signal, account=error.account))
    return _answer(request, access_problem(error))


async def _unfinished(request: Request, error: Exception) -> Response:
    return _answer(request, Problem(409, "Not finished", str(error)))


async def _failed(request: Request, _: Exception) -> Response:
    """Starlette raises the error again once this is sent, and the front logs it."""
    return _answer(request, INTERNAL)


async def _unavailable(request: Request, error: Exception) -> Response:
    detail = f"{error}; nothing was changed, send it again"
    problem = Problem(503, "Store unavailable", detail, EXTERNAL_SERVICE.name, headers={"Retry-After": "5"})
    return _answer(request, problem)


async def _database_unavailable(request: Request, error: Exception) -> Response:
    told = {"error": str(error), "error_class": DATABASE.name, "severity": DATABASE.severity}
    _log.warning("database_unavailable", extra=told)
    title, detail = "Database unavailable", "the database cannot be used now; send it again later"
    if isinstance(error, BucketUnavailable):
        title, said = "Storage unavailable", error.code or "no answer"
        detail = f"what is stored as files cannot be used now ({said}); nothing was lost, send it again later"
    return _answer(request, Problem(503, title, detail, DATABASE.name, headers={"Retry-After": "5"}))


async def _ours(request: Request, error: Exception) -> Response:
    """A call that was not made or not answered: when to come back. An error that time does not heal is a defect."""
    kind = kind_of(error)
    if not kind.retryable:
        raise error
    told = {"error": str(error), "error_class": kind.name, "severity": kind.severity}
    _log.warning("temporarily_unavailable", extra=told)
    seconds = max(1, ceil(getattr(error, "retry_after_seconds", _SOON_SECONDS)))
    problem = Problem(kind.status, "Temporarily unavailable", str(error), kind.name)
    problem.headers["Retry-After"] = str(seconds)
    return _answer(request, problem)


async def _http(request: Request, error: Any) -> Response:
    if error.status_code == _NOT_FOUND:
        request.state.seen.append(Seen("unknown_route"))
    known = {
        404: ("Not found", f"nothing is served at {request.url.path}; GET /docs lists what is"),
        405: ("Method not allowed", f"{request.method} is not served here; send {_allowed(error)}"),
    }
    title, detail = known.get(error.status_code, ("Request refused", str(error.detail)))
    return _answer(request, Problem(error.status_code, title, detail, headers=dict(error.headers or {})))


def _allowed(error: Any) -> str:
    return str((error.headers or {}).get("Allow", "another method"))
