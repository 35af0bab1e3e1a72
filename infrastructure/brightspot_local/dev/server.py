"""The front of `make dev`: one loopback port that stands where API Gateway stands."""

import asyncio
import fcntl
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import uvicorn

from brightspot_local.dev import events
from brightspot_local.dev.pool import Pool, WorkerFailed
from brightspot_local.dev.template import Route, functions, load, routes

HOST = "127.0.0.1"
_WORKERS = 2


class DevError(Exception):
    """`make dev` cannot start; the message says what to do."""


class Gateway:
    """An ASGI app that turns requests into events for the function pools."""

    def __init__(self, table: Sequence[Route], pools: Mapping[str, Pool], say: Callable[[str], None]) -> None:
        self._table = table
        self._pools = pools
        self._say = say

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        started = time.perf_counter()
        request = await _read(scope, receive)
        answer = await self._answer(request)
        length = ("content-length", str(len(answer.body)))
        headers = [(name.encode(), value.encode()) for name, value in [*_end_to_end(answer.headers), length]]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})
        ms = (time.perf_counter() - started) * 1000
        self._say(f"{answer.status}  {request.method} {request.path}  {ms:.1f} ms")

    async def _answer(self, request: events.Request) -> events.Answer:
        found = events.match(self._table, request.method, events.decoded_path(request.path))
        if found is None:
            return events.gateway_error(404, "Not Found")
        route, parameters = found
        event = events.event(request, route, parameters)
        try:
            return events.answer(await asyncio.to_thread(self._pools[route.function].invoke, event))
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


def serve(port: int, data: Path, out: TextIO) -> None:
    """Serve until interrupted. Raises DevError when the port or the data folder is taken."""

    def say(line: str) -> None:
        print(line, file=out, flush=True)

    with _owned(data), _listening(port) as listener:
        template = load()
        table = routes(template)
        logs = data / "logs"
        logs.mkdir(exist_ok=True)
        pools = {
            name: Pool(each, _WORKERS, logs / f"{each.folder.name}.log", say)
            for name, each in functions(template, {"Env": "local"}).items()
        }
        say(f"data     {data} (function logs in {logs})")
        for route in table:
            say(f"route    {route.key} -> {route.function}")
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        say(f"serving  {url} ({url}/docs in a browser; Ctrl-C ends it)")
        config = uvicorn.Config(Gateway(table, pools, say), log_level="error", lifespan="off", access_log=False)
        try:
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            for pool in pools.values():
                pool.close()
            say("stopped  everything")


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)  # from here on, whoever reads our first line may connect
    except OSError as error:
        listener.close()
        raise DevError(f"port {port} is taken ({error.strerror}); choose another: make dev PORT=9026") from error
    return listener


def _owned(data: Path) -> TextIO:
    """The data folder's lock, held while the file is open."""
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise DevError(f"another `make dev` uses {data}; choose another folder: make dev DATA=...") from error
    return lock
