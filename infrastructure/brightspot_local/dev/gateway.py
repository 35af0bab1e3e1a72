"""The ASGI app that stands where API Gateway stands: requests become events for the function pools.

Each request that is under way has a thread: asyncio's own few would be taken by requests that wait for others.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from brightspot.core.masking import masked
from brightspot_local.dev import events
from brightspot_local.dev.pool import Pool, WorkerFailed
from brightspot_local.dev.streaming import go_on, is_stream
from brightspot_local.dev.template import Route
from brightspot_local.services.process import HOST

_MOST_REQUESTS = 64
_BODILESS = {204, 304}


class Gateway:
    """Answers by the functions that the route table names; what they cannot answer, as API Gateway would."""

    def __init__(
        self,
        table: Sequence[Route],
        pools: Mapping[str, Pool],
        say: Callable[[str], None],
        ends: Callable[[], bool] = lambda: False,
    ) -> None:
        """`ends` tells whether the server is about to end, which streams must not keep from it."""
        self._table = table
        self._pools = pools
        self._say = say
        self._ends = ends
        self._threads = ThreadPoolExecutor(_MOST_REQUESTS, "request")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        started = time.perf_counter()
        request = await _read(scope, receive)
        answer = await self._answer(request)
        streams = is_stream(answer)
        # On a 304 it would be the length of what the client has (RFC 9110 §8.6).
        length = [] if streams or answer.status in _BODILESS else [("content-length", str(len(answer.body)))]
        headers = [(name.encode(), value.encode()) for name, value in [*_end_to_end(answer.headers), *length]]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        if streams:
            await go_on(request, answer, self._answer, receive, send, ends=self._ends)
        else:
            await send({"type": "http.response.body", "body": answer.body})
        ms = (time.perf_counter() - started) * 1000
        self._say(f"{answer.status}  {request.method} {masked(request.path)}  {ms:.1f} ms")

    async def _answer(self, request: events.Request) -> events.Answer:
        found = events.match(self._table, request.method, events.decoded_path(request.path))
        if found is None:
            return events.gateway_error(404, "Not Found")
        route, parameters = found
        event = events.event(request, route, parameters)
        try:
            invoke = self._pools[route.function].invoke
            return events.answer(await asyncio.get_running_loop().run_in_executor(self._threads, invoke, event))
        except WorkerFailed as error:
            self._say(f"failed   {route.function}: {error}")
            return events.gateway_error(500, "Internal Server Error")


async def _read(scope: Any, receive: Any) -> events.Request:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
    client = scope["client"][0] if scope.get("client") else HOST
    path = scope["raw_path"].decode("latin-1").split("?", 1)[0]
    return events.Request(scope["method"], path, scope["query_string"].decode("latin-1"), headers, body, client)


def _end_to_end(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name not in {"content-length", "connection"}]
