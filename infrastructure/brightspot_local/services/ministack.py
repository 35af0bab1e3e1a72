"""MiniStack: services of AWS as a process on loopback, in the data folder."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from brightspot_local.dev.intrinsics import REGION
from brightspot_local.paths import ROOT
from brightspot_local.services.aws import ACCESS
from brightspot_local.services.process import HOST, Home, Server, ServiceUnavailable, free_port

SERVICES = "dynamodb,s3,scheduler,sqs"
_TOOL = ROOT / ".tools" / "ministack"
_READY = _TOOL / ".ready"  # make leaves it when all of the tool is there
# It starts functions with sys.executable. Its own would show them MiniStack's packages where the layer lacks one.
_SERVER = """
import runpy, sys
sys.executable = sys.argv.pop(1) or sys.executable
runpy.run_module("hypercorn", run_name="__main__", alter_sys=True)
"""
_COMMAND = (str(_TOOL / "bin" / "python"), "-c", _SERVER)
_OPTIONS = ("ministack.app:app", "-w", "0", "--keep-alive", "75")
# Kept queues stand under a port: under the one it listens on, which is another each time, their messages would be gone.
_QUEUES_PORT = "4566"
_START_SECONDS = 30.0
_STOP_SECONDS = 30.0
_STARTS = 3
_LOOK_AGAIN_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Use:
    """What a MiniStack is for: which services of AWS (its names, with commas).

    One that `keeps` has its rows and messages again when it is started on the same folder. Where `roles` count, a
    function may do what its role allows and no more. `python` is the file that starts functions; empty, the
    interpreter of MiniStack does, with its packages.
    """

    services: str = SERVICES
    keeps: bool = True
    roles: bool = False
    python: str = ""


ROWS_AND_QUEUES = Use()


class MiniStack:
    """A running MiniStack of ours.

    `replaced` is the process id of a leftover that was ended for it. `lost` says that the one before was killed: it
    writes its rows and messages when it is ended in order, and only then.
    """

    def __init__(self, server: Server, port: int, replaced: int | None, *, lost: bool) -> None:
        self._server = server
        self.endpoint = f"http://{HOST}:{port}"
        self.replaced = replaced
        self.lost = lost

    @property
    def pid(self) -> int:
        return self._server.pid

    def stop(self) -> bool:
        """End it and wait until it has saved; whether it did."""
        return self._server.stop(_STOP_SECONDS)


@contextmanager
def running(data: Path, use: Use = ROWS_AND_QUEUES) -> Iterator[MiniStack]:
    """Run the data folder's MiniStack, and end it afterwards.

    Raises ServiceUnavailable when it is not installed, does not start, or another command runs it.
    """
    if not _READY.exists():
        raise ServiceUnavailable("MiniStack is not installed; `make dev` does it when PyPI can be reached")
    home = Home.of(data, "ministack")
    owner = home.own(0)
    if owner is None:
        raise ServiceUnavailable(f"another command runs the MiniStack of {data}")
    with owner:
        ministack = _start(home, use)
        try:
            yield ministack
        finally:
            ministack.stop()
            shutil.rmtree(_temporary(home))


def _start(home: Home, use: Use) -> MiniStack:
    replaced = home.end_leftover()
    lost = replaced is None and home.known_process() is not None
    shutil.rmtree(_temporary(home), ignore_errors=True)
    _temporary(home).mkdir()
    for _ in range(_STARTS):  # a free port may be taken by the time it is used
        port = free_port()
        command = [*_COMMAND, use.python, *_OPTIONS, "--bind", f"{HOST}:{port}"]
        server = home.launch(command, _environment(home, use, port))
        try:
            answers = _wait(server, port)
        except BaseException:  # Ctrl-C, most likely: the server must not stay
            server.stop(_STOP_SECONDS)
            raise
        if answers:
            return MiniStack(server, port, replaced, lost=lost)
        again = server.ended
        server.stop(_STOP_SECONDS)
        if not again:
            break
    raise ServiceUnavailable(f"MiniStack does not start; {home.log} says why")


def _temporary(home: Home) -> Path:
    """Where each function that runs has its code and its layer, unpacked: a hundred MiB and more."""
    return home.folder / "tmp"


def _environment(home: Home, use: Use, port: int) -> dict[str, str]:
    """Nothing of the caller's: no credentials, profiles or engines of containers."""
    return {
        "PATH": os.defpath,
        "HOME": str(home.folder),
        "TMPDIR": str(_temporary(home)),
        **({"GATEWAY_PORT": _QUEUES_PORT} if use.keeps else {"GATEWAY_PORT": str(port), "MINISTACK_HOST": HOST}),
        "MINISTACK_REGION": REGION,
        "SERVICES": use.services,
        "PERSIST_STATE": "1" if use.keeps else "0",
        "STATE_DIR": str(home.folder / "state"),
        **ACCESS,  # the key of whoever may do everything: links that it signed are checked in any case
        **({"AUTH": "true"} if use.roles else {}),
        "IOT_MTLS_ENABLED": "0",  # it would listen on all interfaces
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{home.folder / 'no-docker'}",  # it would end containers that others left
        "LOG_LEVEL": "WARNING",
    }


def _wait(server: Server, port: int) -> bool:
    """Whether it answers in time; at once False when its process ended."""
    gives_up_at = time.monotonic() + _START_SECONDS
    while time.monotonic() < gives_up_at and not server.ended:
        if _answers(port):
            return True
        time.sleep(_LOOK_AGAIN_SECONDS)
    return False


def _answers(port: int) -> bool:
    try:
        with closing(HTTPConnection(HOST, port, timeout=1)) as connection:
            connection.request("GET", "/_ministack/health")
            return connection.getresponse().status == 200  # noqa: PLR2004
    except (OSError, HTTPException):
        return False
