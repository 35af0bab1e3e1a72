"""`make dev`: starts everything, serves until interrupted, ends everything in order."""

import fcntl
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

import uvicorn

from brightspot.core.clock import SystemClock
from brightspot_local.admin import ENDPOINT_FILE
from brightspot_local.dev.backends import backends
from brightspot_local.dev.gateway import Gateway
from brightspot_local.dev.intrinsics import Intrinsics
from brightspot_local.dev.pool import Pool
from brightspot_local.dev.queues import polling
from brightspot_local.dev.schedules import scheduling
from brightspot_local.dev.signing import sign
from brightspot_local.dev.template import functions, load, routes
from brightspot_local.keys import LocalKeysUnusable, audit_key, local_keys
from brightspot_local.services.interrupts import interrupted_once
from brightspot_local.services.process import HOST

_WORKERS = 2
_PARAMETERS = {"Env": "local", "AuthRequired": "false"}
Say = Callable[[str], None]


class DevError(Exception):
    """`make dev` cannot start; the message says what to do."""


def serve(port: int, data: Path, out: TextIO) -> None:
    """Serve until interrupted. Raises DevError when the port or the data folder is taken, or its keys are broken."""

    def say(line: str) -> None:
        out.write(f"{line}\n")  # in one piece, since servers start side by side
        out.flush()

    template = load()
    with ExitStack() as started:
        started.enter_context(_owned(data))
        listener = started.enter_context(_listening(port))
        started.enter_context(interrupted_once())
        started.callback(say, "stopped  everything")
        say(f"data     {data} (logs in {data / 'logs'})")
        keys, audited = _keys(data, say)
        behind = started.enter_context(backends(data, template, _PARAMETERS, say))
        if behind.endpoint:
            started.callback(sign, audited, data / "audit-anchors", behind.environment, say)
        started.enter_context(_told(data / ENDPOINT_FILE, behind.endpoint))
        known = Intrinsics(template, _PARAMETERS, behind.endpoint)
        pools = started.enter_context(_pools(known, data, {**behind.environment, **keys}, say))
        if behind.endpoint:
            started.enter_context(polling(known, behind.endpoint, pools, say))
        started.enter_context(scheduling(known, pools, say))
        table = routes(template)
        for route in table:
            say(f"route    {route.key} -> {route.function}")
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        say(f"serving  {url} ({url}/docs in a browser; Ctrl-C ends it)")
        gateway = Gateway(table, pools, say, lambda: server.should_exit)
        config = uvicorn.Config(gateway, log_level="error", lifespan="off", access_log=False, server_header=False)
        server = uvicorn.Server(config)
        server.run(sockets=[listener])


@contextmanager
def _told(file: Path, endpoint: str) -> Iterator[None]:
    """The URL of the local AWS in a file, for commands that write to its tables, while it is there."""
    file.unlink(missing_ok=True)  # of a `make dev` that was killed
    if endpoint:
        file.write_text(f"{endpoint}\n")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _keys(data: Path, say: Say) -> tuple[dict[str, str], Path]:
    """Settings that let functions check and sign this machine's tokens, and no others; and the key of the audit log."""
    try:
        keys, audited = local_keys(data, SystemClock()), audit_key(data)
    except LocalKeysUnusable as error:
        raise DevError(str(error)) from error
    say(f"admin    token (also in {keys.admin_token_file}): {keys.admin_token}")
    tokens = {
        "JWT_PUBLIC_KEYS_FILE": str(keys.jwks_file),
        "JWT_PUBLIC_KEYS": "",
        "JWT_PRIVATE_KEYS_FILE": str(keys.private_file),
        "JWT_PRIVATE_KEYS_SECRET_ARN": "",  # nosec B105  # none
    }
    return tokens, audited


@contextmanager
def _pools(known: Intrinsics, data: Path, forced: Mapping[str, str], say: Say) -> Iterator[dict[str, Pool]]:
    """A pool per function. The caller's environment wins over the template's, `forced` over both."""
    made = {
        name: Pool(each, forced, _WORKERS, data / "logs" / f"{each.folder.name}.log", say)
        for name, each in functions(known).items()
    }
    try:
        yield made
    finally:
        for pool in made.values():
            pool.close()


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
