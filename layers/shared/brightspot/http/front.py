"""Pure ASGI in front of the app: request id, size and syntax limits, the gate, and an answer when the app fails."""

import logging
import re
from collections.abc import Callable

from brightspot.core.clock import SystemClock
from brightspot.core.ids import new_id
from brightspot.core.kinds import kind_of
from brightspot.core.masking import masked
from brightspot.http.asgi import App, Message, Receive, Scope, Send
from brightspot.http.client import Proxies
from brightspot.http.deadline import deadline_of
from brightspot.http.delivery import Delivery
from brightspot.http.examining import Examining
from brightspot.http.gate import Asked, Gate
from brightspot.http.measuring import Measure, Served
from brightspot.http.problems import MEDIA_TYPE, Problem
from brightspot.http.watching import seen_of
from brightspot.telemetry import entry_span, request_context

MOST_BODY_BYTES = 64 * 1024
MOST_HEADER_BYTES = 10 * 1024
MOST_URL_BYTES = 4 * 1024
_JSON = b"application/json"
_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")
_WITH_BODY = {"POST", "PUT", "PATCH"}
_CHARSETS = {"utf-8", "utf8", "us-ascii"}
_log = logging.getLogger(__name__)

INTERNAL = Problem(
    500, "Internal error", "the request failed on our side; it is logged under this request_id", error_class="internal"
)


class Front:
    """Wraps an app that is loaded at the first request that passes the gate and that the gate cannot answer."""

    def __init__(
        self,
        load_app: Callable[[], App],
        gate: Gate,
        proxies: Proxies,
        delivery: Delivery,
        examining: Examining,
        *,
        tells_requests: bool = False,
    ) -> None:
        self._load_app = load_app
        self._gate = gate
        self._proxies = proxies
        self._delivery = delivery
        self._examining = examining
        self._tells_requests = tells_requests
        self._app: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        request_id = _request_id(headers, scope)
        scope.setdefault("state", {})["request_id"] = request_id
        measure = Measure(send, scope, logged=self._tells_requests)
        answer = _Answer(self._delivery.to(measure.send, scope["method"], scope["path"], headers), request_id)
        with request_context(request_id, *_trace(headers)), entry_span(measure.route, "server") as entered:
            try:
                message = await receive()
                problem = _refusal(scope, headers, message) or self._examining.structure(message.get("body", b""))
                if problem is not None:
                    await answer.problem(problem, scope["path"])
                    return
                asked = _asked(scope, headers, message, self._proxies)
                measure.served = await self._pass(scope, headers, asked, _replay(message, receive), answer)
            except Exception as error:
                entered.fail(kind_of(error).name)
                _log.exception("request_failed", extra={"path": scope["path"], "method": scope["method"]})
                if not answer.started:
                    await answer.problem(INTERNAL, scope["path"])
                elif not answer.finished:
                    raise
            finally:
                measure.tell(entered)

    async def _pass(
        self, scope: Scope, headers: dict[bytes, bytes], asked: Asked, receive: Receive, answer: "_Answer"
    ) -> Served:
        passage = self._gate.enter(asked)
        answer.headers.update(passage.headers)
        suspicion = self._examining.inputs(scope, headers, asked, passage)
        seen = scope["state"]["seen"] = seen_of(passage, suspicion)  # the app may add to it
        served: Served = "computed"
        if (problem := passage.problem or suspicion.problem) is not None:
            served = "refused"
            await answer.problem(problem, scope["path"])
        elif passage.answer is not None:
            served = "cached"
            await answer.whole(200, _JSON, passage.answer)
        elif (made := self._gate.made(passage, asked.body, deadline_of(scope))) is not None:
            await answer.whole(200, _JSON, made)
        else:
            scope["state"] |= {"caller": passage.caller, "client": asked.client}
            if self._app is None:
                self._app = self._load_app()
            await self._app(scope, receive, answer.send)
        self._gate.record(asked, passage, seen)
        return served


class _Answer:
    """Sends what the app sends, with the request id and the gate's headers on it."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.headers: dict[str, str] = {}
        self.started = False
        self.finished = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            ours = {**self.headers, "x-request-id": self._request_id}
            added = [(name.lower().encode(), value.encode()) for name, value in ours.items()]
            message = {**message, "headers": [*message["headers"], *added]}
        await self._send(message)
        self.finished = message["type"] == "http.response.body" and not message.get("more_body", False)

    async def problem(self, problem: Problem, path: str) -> None:
        self.headers.update(problem.headers)
        await self.whole(problem.status, MEDIA_TYPE.encode(), problem.body(path, self._request_id))

    async def whole(self, status: int, media_type: bytes, body: bytes) -> None:
        """One answer in one piece."""
        headers = [(b"content-type", media_type)]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def _asked(scope: Scope, headers: dict[bytes, bytes], message: Message, proxies: Proxies) -> Asked:
    authorization, api_key = headers.get(b"authorization"), headers.get(b"x-api-key")
    return Asked(
        method=scope["method"],
        path=scope["path"],
        client=proxies.client((scope.get("client") or ("unknown",))[0], headers),
        authorization=None if authorization is None else authorization.decode("latin-1"),
        body=message.get("body", b""),
        api_key=None if api_key is None else api_key.decode("latin-1"),
    )


def _request_id(headers: dict[bytes, bytes], scope: Scope) -> str:
    """The caller's id when it is well formed and no secret by its looks, else Lambda's, else a new one."""
    sent = headers.get(b"x-request-id", b"").decode("latin-1")
    if _ID.fullmatch(sent) and masked(sent) == sent:
        return sent
    given = getattr(scope.get("aws.context"), "aws_request_id", None)
    return given or new_id(SystemClock().now())


def _trace(headers: dict[bytes, bytes]) -> tuple[str | None, str | None]:
    """The caller's W3C trace context as it was sent."""
    sent = (headers.get(b"traceparent"), headers.get(b"tracestate"))
    parent, state = (None if each is None else each.decode("latin-1") for each in sent)
    return parent, state


def _refusal(scope: Scope, headers: dict[bytes, bytes], message: Message) -> Problem | None:
    if len(scope["path"].encode()) + len(scope["query_string"]) > MOST_URL_BYTES:
        return Problem(414, "URL too long", f"send a URL of at most {MOST_URL_BYTES} bytes")
    if sum(len(name) + len(value) for name, value in headers.items()) > MOST_HEADER_BYTES:
        return Problem(431, "Headers too large", f"send at most {MOST_HEADER_BYTES} bytes of headers")
    body = message.get("body", b"")
    if len(body) > MOST_BODY_BYTES:
        return Problem(413, "Body too large", f"send at most {MOST_BODY_BYTES} bytes; this request has {len(body)}")
    if scope["method"] in _WITH_BODY and body and not _is_json(headers.get(b"content-type", b"")):
        return Problem(415, "Unsupported content type", "send JSON in UTF-8 with Content-Type: application/json")
    return None


def _is_json(content_type: bytes) -> bool:
    media, *parameters = (each.strip().lower() for each in content_type.decode("latin-1").split(";"))
    if any(each.startswith("charset=") and each[8:].strip('"') not in _CHARSETS for each in parameters):
        return False
    return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))


def _replay(first: Message, receive: Receive) -> Receive:
    waiting = [first]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed
