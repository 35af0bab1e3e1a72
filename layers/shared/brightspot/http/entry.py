"""What a Lambda function of the HTTP API is made of: `handler = lambda_entry("analyze_routes")`."""

import asyncio
from collections.abc import Callable
from importlib import import_module
from typing import Any

from brightspot.http.front import App, Front
from brightspot.telemetry import configure_logs

# Mangum sends anything else as base64, which API Gateway must then decode.
_TEXT_TYPES = ["text/", "application/json", "application/problem+json", "application/javascript", "image/svg+xml"]

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def lambda_entry(routes: str) -> Handler:
    """A handler for API Gateway HTTP API events (payload 2.0) over the routers of the module named `routes`.

    Neither that module nor FastAPI is imported before a request needs them.
    """
    from mangum import Mangum  # noqa: PLC0415  # an entry's own import: `make dev`'s route table needs none of it

    configure_logs()
    _ensure_loop()
    adapter = Mangum(Front(lambda: _load(routes)), lifespan="off", text_mime_types=_TEXT_TYPES)

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        _ensure_loop()
        return adapter(event, context)

    return handler


def _load(routes: str) -> App:
    from brightspot.http.app import create_app  # noqa: PLC0415  # FastAPI, 240 ms: only when first needed

    return create_app(import_module(routes).router)


_loop: asyncio.AbstractEventLoop | None = None


def _ensure_loop() -> None:
    """Give Mangum one event loop to reuse; asking asyncio for a missing one is deprecated."""
    global _loop  # noqa: PLW0603  # one loop per process, like the process's one request at a time
    if _loop is None or _loop.is_closed():
        _loop = asyncio.new_event_loop()
    asyncio.set_event_loop(_loop)
