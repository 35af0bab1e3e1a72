"""What one function measures of the requests it answers: how many, with what status, and how long they took."""

import logging
import time
from typing import Literal

from brightspot.cache import Hit
from brightspot.http.asgi import Message, Scope, Send
from brightspot.telemetry import (
    CACHE_HITS,
    CACHE_MISSES,
    HTTP_REQUESTS,
    REQUEST_SECONDS,
    NoSpan,
    Span,
    count,
    observe,
    share_figures,
)

Served = Literal["cached", "computed", "refused"]
_NO_ROUTE = "none"
_MISTAKEN, _FAILED = 400, 500  # whoever makes many mistakes must not cost a trip for each
_log = logging.getLogger(__name__)


class Measure:
    """One request, from its arrival to its last byte. Sends what is sent, and looks at it."""

    def __init__(self, send: Send, scope: Scope, *, logged: bool) -> None:
        """`logged`: it is an event too."""
        self._send = send
        self._scope = scope
        self._logged = logged
        self.route = _route(scope)
        self._started = time.perf_counter()
        self._status = 0
        self.served: Served = "refused"

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
        await self._send(message)

    def tell(self, entered: Span | NoSpan) -> None:
        """Count it, and have its span tell what became of it.

        What takes no longer than a trip, and mistakes, are counted on the next request's trip.
        """
        seconds = time.perf_counter() - self._started
        if self._logged:
            told = {"method": self._scope["method"], "path": self._scope["path"], "status": self._status}
            _log.info("request_answered", extra={**told, "ms": round(seconds * 1000, 1)})
        entered.tell(served=self.served, **{"http.response.status_code": self._status})
        if self._status >= _FAILED:
            entered.fail(str(self._status))
        count(HTTP_REQUESTS, route=self.route, status=str(self._status))
        if self.served != "refused":
            observe(REQUEST_SECONDS, seconds, route=self.route, served=self.served)
        if self.served == "computed" and not _MISTAKEN <= self._status < _FAILED:
            share_figures()


def tell_lookup(namespace: str, hit: Hit | None) -> None:
    """What the gate found in a cache. Both figures each time, so that wherever there is one there is a rate."""
    count(CACHE_HITS, int(hit is not None), cache=namespace)
    count(CACHE_MISSES, int(hit is None), cache=namespace)
    if hit is not None:
        _log.debug("Cache HIT", extra={"namespace": namespace, "age_seconds": round(hit.age_seconds, 1)})


def _route(scope: Scope) -> str:
    """As API Gateway has it ("GET /api/v1/history/{address+}"): a path itself may say anything."""
    event = scope.get("aws.event") or {}
    return str(event.get("routeKey") or _NO_ROUTE)
