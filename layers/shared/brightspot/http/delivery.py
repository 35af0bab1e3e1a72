"""Pure ASGI between what answers and the client: security headers, ETag and 304, Cache-Control, Vary, the coding."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from brightspot.core.settings import setting
from brightspot.http.asgi import Headers, Message, Send
from brightspot.http.conditional import names
from brightspot.http.encoding import CODINGS, is_compressible
from brightspot.http.hardening import Hardening
from brightspot.http.negotiation import Choice, choice
from brightspot.http.policy import Policy
from brightspot.http.reuse import Reuse
from brightspot.telemetry import BODY_BYTES_SAVED, count

_OK: Final = 200
_NOT_MODIFIED: Final = 304
_BODILESS: Final = {204, _NOT_MODIFIED}
_OFFERED: Final = tuple(CODINGS)


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """From which size on answers are compressed."""

    least_bytes: int = setting(
        "HTTP_COMPRESSION_MIN_BYTES", 1024, "bytes from which on an answer's body is compressed", least=0
    )


class Delivery:
    """How the answers of one function leave."""

    def __init__(self, reuse: Reuse, policy: Policy, settings: DeliverySettings, hardening: Hardening) -> None:
        self.reuse = reuse
        self.policy = policy
        self.least_bytes = settings.least_bytes
        self.hardening = hardening

    def to(self, send: Send, method: str, path: str, asked: Mapping[bytes, bytes]) -> Send:
        """What to send one answer by, instead of `send`; `asked` are the request's headers, names in lower case."""
        return _Delivered(self, send, method, path, asked).send


class _Delivered:
    """One answer. Its start is held until its body is seen."""

    def __init__(self, how: Delivery, send: Send, method: str, path: str, asked: Mapping[bytes, bytes]) -> None:
        self._how = how
        self._send = send
        self._method = method
        self._path = path
        self._asked = asked
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None:
            status, headers = start["status"], self._declared(start)
            if not message.get("more_body", False):  # of a stream, no event may wait in a compressor
                status, body = self._whole(status, headers, message.get("body", b""))
                message = {**message, "body": body}
            await self._send({**start, "status": status, "headers": headers.fields})
        await self._send(message)

    def _declared(self, start: Message) -> Headers:
        """The answer's headers, with who may keep it, what it depends on and what protects who reads it."""
        headers = Headers(start["headers"])
        self._how.hardening.add(headers.fields)
        kept = self._how.reuse.kept if self._is_found(start["status"]) else "no-store"
        headers.default(b"cache-control", kept.encode())
        if self._how.policy.need(self._method, self._path) != "public":
            headers.vary(b"Authorization, X-Api-Key")
        return headers

    def _is_found(self, status: int) -> bool:
        """Whether it is a representation that a client may keep and ask for again."""
        return status == _OK and self._method in {"GET", "HEAD"}

    def _whole(self, status: int, headers: Headers, body: bytes) -> tuple[int, bytes]:
        """The status and body to send of an answer in one piece; its headers are changed to fit."""
        encodable = headers.get(b"content-encoding") is None and is_compressible(headers.get(b"content-type") or b"")
        if encodable:
            headers.vary(b"Accept-Encoding")
        if self._is_found(status) and self._is_known(headers, body):
            # What RFC 9110 §15.4.5 asks for. Content-Type stays: where there is none, Mangum puts application/json.
            headers.drop(b"content-length")
            self._saved(len(body), "not_modified")
            return _NOT_MODIFIED, b""
        if encodable and body:
            body = self._encoded(headers, body)
        if status not in _BODILESS:
            headers.put(b"content-length", b"%d" % len(body))
        return status, b"" if self._method == "HEAD" else body

    def _is_known(self, headers: Headers, body: bytes) -> bool:
        """Whether the client has it already; the tag that it is known by is put on it."""
        tag = self._how.reuse.tag(body)
        if tag is None:
            return False
        headers.default(b"etag", tag.encode())
        return names(self._header(b"if-none-match") or "", (headers.get(b"etag") or b"").decode("latin-1"))

    def _encoded(self, headers: Headers, body: bytes) -> bytes:
        """The body in the coding that the client wants, where that is worth it or identity is refused."""
        wanted = self._wanted()
        if wanted.coding is None or (len(body) < self._how.least_bytes and not wanted.required):
            return body
        encoded = CODINGS[wanted.coding](body)
        if len(encoded) >= len(body) and not wanted.required:
            return body
        headers.put(b"content-encoding", wanted.coding.encode())
        self._saved(max(0, len(body) - len(encoded)), wanted.coding)
        return encoded

    def _wanted(self) -> Choice:
        return choice(self._header(b"accept-encoding"), _OFFERED)

    def _saved(self, size: int, by: str) -> None:
        if self._method != "HEAD":  # which has no body to save anything of
            count(BODY_BYTES_SAVED, size, by=by)

    def _header(self, name: bytes) -> str | None:
        value = self._asked.get(name)
        return None if value is None else value.decode("latin-1")
