"""An answer of server-sent events that goes on: the function is asked again, as an EventSource would ask it.

On Lambda such an answer ends at once and its client comes back. Here the connection stays, so that whoever reads it
sees a stream; the function cannot tell one from the other.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from brightspot_local.dev.events import Answer, Request

_MEDIA: Final = "text/event-stream"
_LAST_ID: Final = "last-event-id"
_ID: Final = re.compile(rb"^id: ?(.*)$", re.MULTILINE)
_RETRY: Final = re.compile(rb"^retry: ?(\d+)$", re.MULTILINE)
_RETRY_MS: Final = 3000
_LOOK_SECONDS: Final = 0.2  # between looks whether the server ends
_OK: Final = 200

Ask = Callable[[Request], Awaitable[Answer]]


def is_stream(answer: Answer) -> bool:
    """Whether an answer is one of events."""
    return answer.status == _OK and any(
        name == "content-type" and value.startswith(_MEDIA) for name, value in answer.headers
    )


async def go_on(
    request: Request, answer: Answer, ask: Ask, receive: Any, send: Any, *, ends: Callable[[], bool]
) -> None:
    """Send an answer's events and those of the ones after it, until the client leaves or the function has none.

    Or until the server `ends`, which waits for whoever is still answered.
    """
    left = asyncio.ensure_future(_left(receive))

    def over() -> bool:
        return left.done() or ends()

    try:
        while is_stream(answer) and not over():
            await send({"type": "http.response.body", "body": answer.body, "more_body": True})
            again = time.monotonic() + _pause(answer.body)
            while not over() and (rest := again - time.monotonic()) > 0:
                await asyncio.wait({left}, timeout=min(rest, _LOOK_SECONDS))
            if not over():
                request = _after(request, answer.body)
                answer = await ask(request)
    finally:
        left.cancel()
    await send({"type": "http.response.body", "body": b""})


def _pause(events: bytes) -> float:
    """Seconds that the function wants to be left alone."""
    told = _RETRY.findall(events)
    return (int(told[-1]) if told else _RETRY_MS) / 1000


def _after(request: Request, events: bytes) -> Request:
    """The same request for what comes after these events."""
    ids = _ID.findall(events)
    if not ids:
        return request
    headers = [(name, value) for name, value in request.headers if name != _LAST_ID]
    return replace(request, headers=[*headers, (_LAST_ID, ids[-1].decode())])


async def _left(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
