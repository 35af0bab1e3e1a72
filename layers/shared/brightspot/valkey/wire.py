"""One connection that speaks RESP2: connect, log in, many commands in one write and their answers in one read.

redis-py costs every cold start 70 ms of imports, its asyncio half included, for what is a socket and a parser here;
the parser is redis-py's own choice, hiredis. Cluster mode is redis-py's (`brightspot.valkey.cluster`).
"""

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hiredis import HiredisError, Reader, ReplyError, pack_command

from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import EXTERNAL_SERVICE

_CHUNK_BYTES = 65536
_OF_NO_USE = ("READONLY ", "LOADING ", "MASTERDOWN ")


class WireFailed(BrightspotError):
    """The server cannot be reached, or the connection is lost or makes no sense; its name says which."""

    kind = EXTERNAL_SERVICE


class ConnectionLost(WireFailed):
    """Refused, reset, closed by the server, not a Valkey, or one that serves nothing now: a replica, or loading."""


class NoAnswer(WireFailed):
    """Nothing came in time."""


class LoginRefused(WireFailed):
    """The server does not take this user, password or database."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server is and how to enter it. Without a username the password is the default user's."""

    host: str
    port: int
    username: str = ""
    password: str = ""
    database: int = 0
    tls: bool = False
    connect_seconds: float = 0.15
    read_seconds: float = 0.15

    def __repr__(self) -> str:
        return f"Endpoint({self.host}:{self.port})"


class Wire:
    """An open connection. Not safe to share between threads. Every failure is a WireFailed, and ends it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._reader = Reader()
        self._is_known = False
        try:
            self._socket = _opened(endpoint)
        except TimeoutError as error:
            raise NoAnswer(f"{endpoint} did not answer in {endpoint.connect_seconds * 1000:.0f} ms") from error
        except OSError as error:
            raise ConnectionLost(f"{endpoint}: {error}") from error
        try:
            self._log_in()
        except WireFailed:
            self.close()
            raise

    def exchange(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """The answer to each command: bytes, int, None, a list of these, or the server's ReplyError in its place.

        A server that was a primary and answers READONLY has taken none of what was to be written: what asks again
        elsewhere counts nothing twice. The first question is a PING besides, since servers of other protocols (POP3)
        have lines that read as RESP.
        """
        if self._is_known:
            return _of_use(self._asked(commands))
        pong, *answers = self._asked([("PING",), *commands])
        if pong != b"PONG" and not (isinstance(pong, ReplyError) and not str(pong).startswith("ERR")):
            raise ConnectionLost("it does not answer as a Valkey does")
        self._is_known = True
        return _of_use(answers)

    def close(self) -> None:
        self._socket.close()

    def _asked(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        over = time.monotonic() + self._endpoint.read_seconds
        try:
            self._socket.settimeout(self._endpoint.read_seconds)
            self._socket.sendall(b"".join(map(pack_command, commands)))
            return [self._answer(over) for _ in commands]
        except TimeoutError as error:
            raise NoAnswer(f"no answer in {self._endpoint.read_seconds * 1000:.0f} ms") from error
        except (OSError, HiredisError) as error:
            raise ConnectionLost(str(error) or type(error).__name__) from error

    def _answer(self, over: float) -> Any:
        while (answer := self._reader.gets()) is False:
            self._socket.settimeout(max(over - time.monotonic(), 0.001))
            received = self._socket.recv(_CHUNK_BYTES)
            if not received:
                raise ConnectionResetError("closed by the server")
            self._reader.feed(received)
        return answer

    def _log_in(self) -> None:
        at = self._endpoint
        commands: list[tuple[Any, ...]] = []
        if at.password:
            commands.append(("AUTH", at.username, at.password) if at.username else ("AUTH", at.password))
        if at.database:
            commands.append(("SELECT", at.database))
        for answer in self._asked(commands) if commands else ():
            if isinstance(answer, ReplyError):
                raise LoginRefused(str(answer)) from answer


def _of_use(answers: list[Any]) -> list[Any]:
    """Raises ConnectionLost where a new connection may lead to a server that serves: after a failover, by DNS."""
    for answer in answers:
        if isinstance(answer, ReplyError) and str(answer).startswith(_OF_NO_USE):
            raise ConnectionLost(str(answer)) from answer
    return answers


def _opened(endpoint: Endpoint) -> socket.socket:
    opened = socket.create_connection((endpoint.host, endpoint.port), endpoint.connect_seconds)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not endpoint.tls:
        return opened
    import ssl  # noqa: PLC0415  # 10 ms that only TLS pays

    try:
        return ssl.create_default_context().wrap_socket(opened, server_hostname=endpoint.host)
    except BaseException:
        opened.close()
        raise
