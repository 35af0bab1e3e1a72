"""HTTP requests as API Gateway's events (payload 2.0), and a function's answers as HTTP.

Source: docs.aws.amazon.com, "Create AWS Lambda proxy integrations for HTTP APIs".
"""

import base64
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

from brightspot_local.dev.template import Route

_TEXT = re.compile(r"text/|application/(json|javascript|xml|[a-z0-9.+-]*\+(json|xml))", re.IGNORECASE)
_PARAMETER = re.compile(r"\{(\w+)(\+?)\}")


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: `path` as sent, percent-encoded; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    client: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def match(routes: Iterable[Route], method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The first route for a decoded path, with its path parameters."""
    for route in routes:
        if route.method not in {method, "ANY"}:
            continue
        found = re.fullmatch(_PARAMETER.sub(_group, route.path), path)
        if found:
            return route, found.groupdict()
    return None


def _group(parameter: re.Match[str]) -> str:
    return f"(?P<{parameter[1]}>.+)" if parameter[2] else f"(?P<{parameter[1]}>[^/]+)"


def decoded_path(path: str) -> str:
    """The path as API Gateway hands it on: decoded, and cut where a decoded `?` stands."""
    return unquote(path).split("?", 1)[0]


def event(request: Request, route: Route, parameters: dict[str, str]) -> dict[str, Any]:
    """The event that API Gateway would send for this request."""
    now = datetime.now(UTC)
    path = decoded_path(request.path)
    headers = _joined((name, value) for name, value in request.headers if name != "cookie")
    text = _TEXT.match(headers.get("content-type", "application/json")) is not None
    context = {
        "accountId": "anonymous",
        "apiId": "local",
        "domainName": headers.get("host", "localhost"),
        "domainPrefix": "localhost",
        "http": {
            "method": request.method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.client,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": uuid4().hex,
        "routeKey": route.key,
        "stage": "$default",
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now.timestamp() * 1000),
    }
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": context,
        "isBase64Encoded": bool(request.body) and not text,
    }
    cookies = [part.strip() for name, value in request.headers if name == "cookie" for part in value.split(";")]
    optional = {
        "cookies": cookies,
        "queryStringParameters": _joined(parse_qsl(request.query, keep_blank_values=True)),
        "pathParameters": parameters,
        "body": _encoded(request.body, text=text),
    }
    return made | {name: value for name, value in optional.items() if value}


def _encoded(body: bytes, *, text: bool) -> str:
    return body.decode("utf-8", "replace") if text else base64.b64encode(body).decode()


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def answer(returned: Any) -> Answer:
    """What API Gateway makes of a function's return value; one without `statusCode` becomes a JSON body."""
    if not isinstance(returned, dict) or "statusCode" not in returned:
        return Answer(200, [("content-type", "application/json")], json.dumps(returned).encode())
    body = returned.get("body") or ""
    content = base64.b64decode(body) if returned.get("isBase64Encoded") else body.encode()
    headers = [(str(name).lower(), str(value)) for name, value in (returned.get("headers") or {}).items()]
    headers += [("set-cookie", cookie) for cookie in returned.get("cookies") or []]
    return Answer(int(returned["statusCode"]), headers, content)


def gateway_error(status: int, message: str) -> Answer:
    """An answer that the gateway makes itself."""
    return Answer(status, [("content-type", "application/json")], json.dumps({"message": message}).encode())
