"""A Brightspot server by its URL, asked as its clients ask it."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from urllib3 import BaseHTTPResponse, HTTPHeaderDict, PoolManager, Timeout
from urllib3.exceptions import HTTPError, LocationParseError

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 35.0  # an HTTP API answers within 30 s, if only that it is too late
_LONGEST_WAIT_SECONDS = 61
_OK = 200
_WELL = {_OK, 201}
_TOO_MANY = 429
_MOST_A_PAGE = 100


class RemoteUnusable(Exception):
    """The server cannot be asked, or does not answer as Brightspot does; the message says which."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its JSON, and the milliseconds from asking to the last byte."""

    status: int
    json: Any
    ms: float

    @property
    def problem(self) -> str:
        """What a refusal says."""
        told = self.json if isinstance(self.json, dict) else {}
        return f"HTTP {self.status}: {told.get('detail') or told.get('message') or 'no reason given'}"


class Remote:
    """One server. Keeps its connection; `token` is sent with every request. Raises RemoteUnusable for a bad URL."""

    def __init__(self, url: str, token: str | None = None) -> None:
        at = urlsplit(url)
        if at.scheme not in {"http", "https"} or not at.hostname or at.query or at.fragment:
            raise RemoteUnusable(f"{url!r} is no URL of a server; send one such as http://127.0.0.1:9025")
        self.url = url.rstrip("/")
        self._headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        self._pool = PoolManager(timeout=Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS), retries=False)

    def get(self, path: str) -> Reply:
        """Raises RemoteUnusable."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Reply:
        """As `get`, with a JSON body. A 429 is waited out once, and the wait is not counted."""
        return self._ask("POST", path, msgspec.json.encode(body), headers or {})

    def delete(self, path: str) -> Reply:
        """As `get`."""
        return self._ask("DELETE", path, None, {})

    def put(self, path: str, body: Any) -> Reply:
        """As `post`."""
        return self._ask("PUT", path, msgspec.json.encode(body), {})

    def file(self, path: str) -> bytes:
        """The body of what is no JSON, or need not be read. Raises RemoteUnusable, also for a refusal."""
        response = self._send("GET", path, None, {})
        if response.status != _OK:
            raise RemoteUnusable(Reply(response.status, _json(response.data), 0.0).problem)
        body: bytes = response.data
        return body

    def _ask(self, method: str, path: str, body: bytes | None, more: Mapping[str, str]) -> Reply:
        reply, headers = self._exchange(method, path, body, more)
        wait = headers.get("Retry-After", "")
        if reply.status == _TOO_MANY and wait.isdigit() and int(wait) <= _LONGEST_WAIT_SECONDS:
            time.sleep(int(wait))
            reply, _ = self._exchange(method, path, body, more)
        return reply

    def _exchange(
        self, method: str, path: str, body: bytes | None, more: Mapping[str, str]
    ) -> tuple[Reply, HTTPHeaderDict]:
        started = time.perf_counter()
        response = self._send(method, path, body, more)
        ms = (time.perf_counter() - started) * 1000
        if (told := _json(response.data)) is None:
            raise RemoteUnusable(f"{self.url}{path} answered HTTP {response.status} without JSON")
        return Reply(response.status, told, ms), response.headers

    def _send(self, method: str, path: str, body: bytes | None, more: Mapping[str, str]) -> BaseHTTPResponse:
        headers = {**self._headers, **({} if body is None else {"Content-Type": "application/json"}), **more}
        try:
            return self._pool.request(method, f"{self.url}{path}", body=body, headers=headers)
        except (HTTPError, LocationParseError, UnicodeError) as error:
            raise RemoteUnusable(f"{self.url} cannot be reached ({type(error).__name__})") from error


def put(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Put bytes where a signed link leads. Raises RemoteUnusable."""
    _linked("PUT", url, body, headers)


def fetch(url: str) -> bytes:
    """The bytes that a signed link leads to. Raises RemoteUnusable."""
    return _linked("GET", url, None, {})


def _linked(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
    """Without the token: the link says who may."""
    pool = PoolManager(timeout=Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS), retries=False)
    host = urlsplit(url).netloc
    try:
        answer = pool.request(method, url, body=body, headers=dict(headers))
    except (HTTPError, LocationParseError, UnicodeError) as error:
        raise RemoteUnusable(f"{host} cannot be reached ({type(error).__name__})") from error
    if answer.status != _OK:
        code = re.search(rb"<Code>(\w+)</Code>", answer.data)
        why = f" ({code[1].decode()})" if code else ""
        raise RemoteUnusable(f"{host} answered HTTP {answer.status}{why}; a link is good for some minutes only")
    told: bytes = answer.data
    return told


def _json(body: bytes) -> Any:
    """None for what is no JSON."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None


def token_in(file: Path | None) -> str | None:
    """The token that a file holds. Raises RemoteUnusable when there is none."""
    if file is None:
        return None
    try:
        token = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RemoteUnusable(f"{file} holds no token ({type(error).__name__})") from error
    if not token:
        raise RemoteUnusable(f"{file} holds no token")
    return token


def token_of(data: Path, named: Path | None) -> str | None:
    """The token in the file that is named, else the administrator's of `make dev` in its data folder, if it is there.

    Raises RemoteUnusable for a file that holds none.
    """
    own = data / "admin-token"
    return token_in(named or (own if own.exists() else None))


def answered(reply: Reply) -> Any:
    """The answer of a server that did what it was asked. Raises RemoteUnusable with the reason where it did not."""
    if reply.status not in _WELL:
        raise RemoteUnusable(reply.problem)
    return reply.json


def pages(server: Remote, path: str, listed: str, limit: int, **filters: str) -> list[dict[str, Any]]:
    """What a list holds under the name `listed`, page by page as the server gives it. Raises RemoteUnusable."""
    found: list[dict[str, Any]] = []
    while len(found) < limit:
        query = {**filters, "limit": str(min(limit - len(found), _MOST_A_PAGE))}
        page = answered(server.get(f"{path}?{urlencode(query)}"))
        found += page[listed]
        if page["next_cursor"] is None:
            break
        filters["cursor"] = page["next_cursor"]
    return found
