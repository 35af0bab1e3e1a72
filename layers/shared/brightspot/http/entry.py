"""What a Lambda function of the HTTP API is made of: `handler = lambda_entry("analyze_routes", ...)`."""

import asyncio
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from brightspot.core.snapshots import before_snapshot
from brightspot.http.asgi import App
from brightspot.http.client import configured_proxies
from brightspot.http.front import Front
from brightspot.http.gate import KeptAnswers, Rider
from brightspot.http.policy import Policy
from brightspot.http.reuse import Reuse
from brightspot.http.wiring import new_delivery, new_examining, new_gate, tells_requests
from brightspot.security import Need
from brightspot.telemetry import configure_logs, configure_metrics, configure_tracing, flush_metrics, flush_spans

# Mangum sends anything else as base64, and of these what is no UTF-8, as compressed bodies are; API Gateway decodes it.
TEXT_TYPES = [
    "text/",
    "application/json",
    "application/problem+json",
    "application/javascript",
    "application/openmetrics-text",
    "image/svg+xml",
]


class Entry:
    """A Lambda handler, the policy it lets requests in by, and who may reuse its answers."""

    def __init__(self, policy: Policy, reuse: Reuse, adapter: Callable[[dict[str, Any], Any], dict[str, Any]]) -> None:
        self.policy = policy
        self.reuse = reuse
        self._adapter = adapter

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        _ensure_loop()
        try:
            return self._adapter(event, context)
        finally:
            flush_spans()
            flush_metrics(share=False)


def lambda_entry(
    routes: str,
    *,
    name: str,
    needs: Need | Mapping[str, Need],
    reads: str | None = None,
    kept: type[KeptAnswers] | None = None,
    rider: Callable[[], Rider] | None = None,
    reuse: Reuse | None = None,
    limits: Mapping[str, str] | None = None,
) -> Entry:
    """A handler for API Gateway HTTP API events (payload 2.0) over the router of the module named `routes`.

    `name` is its rate policy in `http/policies.py`, which clients see in the rate-limit headers, `reads` that of its
    GET requests when they are counted apart, `limits` those of single routes ("POST /api/auth/login"), `needs` the
    permission (one, or one by method or such a route), `kept` the answers that
    the gate may give from the cache, `rider` what else reads shared state on the gate's round trip, `reuse` who may
    keep its answers to GET (else the caller alone). Neither the routes nor FastAPI are imported before a request needs
    them.
    """
    from mangum import Mangum  # noqa: PLC0415  # an entry's own import: `make dev`'s route table needs none of it

    configure_logs()
    configure_metrics()
    configure_tracing()
    _ensure_loop()
    gate = new_gate(name, needs, reads, limits or {}, kept=kept, rider=rider)
    load_app = before_snapshot(cache(lambda: _load(routes)))
    reuse = reuse or Reuse()
    delivery = new_delivery(reuse, gate.policy)
    front = Front(load_app, gate, configured_proxies(), delivery, new_examining(), tells_requests=tells_requests())
    return Entry(gate.policy, reuse, Mangum(front, lifespan="off", text_mime_types=TEXT_TYPES))


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
