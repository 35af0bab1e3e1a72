"""Lambda's Runtime API as a function with SnapStart sees it: its start, the snapshot, the wake, then its events."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Self

from brightspot_local.paths import ROOT

RUNTIME = ROOT / ".tools" / "emulator"  # stands where Lambda has /var/runtime
_API = "/2018-06-01/runtime"
_WAIT_SECONDS = 20.0


class FromSnapshot:
    """A handler under the real runtime client. It stops at the snapshot until `wake`; every answer is asked for once.

    The client runs the hooks: those before the snapshot before it asks for `restore/next`, the others after its answer.
    """

    def __init__(self, handler: str, path: Sequence[Path], environment: Mapping[str, str], log: Path) -> None:
        self._handler = handler
        self._path = [*path, RUNTIME]
        self._given = environment
        self._log = log
        self._frozen, self._woken, self._ready = threading.Event(), threading.Event(), threading.Event()
        self._events: Queue[bytes | None] = Queue()
        self._told: Queue[tuple[str, Any]] = Queue()

    def wait_for_snapshot(self) -> None:
        """Returns when the function is ready to be frozen."""
        if not self._frozen.wait(_WAIT_SECONDS):
            raise AssertionError(f"no snapshot:\n{self.log}")

    def wake(self) -> None:
        """Returns when the function is ready for events."""
        self._woken.set()
        if not self._ready.wait(_WAIT_SECONDS):
            raise AssertionError(f"it did not wake:\n{self.log}")

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """What the function returns for an event."""
        self._events.put(json.dumps(event).encode())
        return self.told("response")

    def told(self, what: str) -> Any:
        """What the function tells next, which must be a `response`, an `init/error` or a `restore/error`."""
        try:
            kind, said = self._told.get(timeout=_WAIT_SECONDS)
        except Empty:
            raise AssertionError(f"nothing was told:\n{self.log}") from None
        assert kind == what, f"{kind}: {said}\n{self.log}"
        return said

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-S", "-m", "awslambdaric", self._handler],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._events.put(None)
        self._woken.set()
        self._server.shutdown()
        self._server.server_close()

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(map(str, self._path)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LAMBDA_TASK_ROOT": str(self._path[0]),
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_address[1]}",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_REGION": "us-east-1",
            **self._given,
        }


def _answering(at: FromSnapshot) -> type[BaseHTTPRequestHandler]:
    class Api(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == f"{_API}/restore/next":
                at._frozen.set()
                at._woken.wait()
                self._answer(200, b"")
                return
            at._ready.set()
            if (event := at._events.get()) is not None:
                self._answer(200, event)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            what = self.path.removeprefix(f"{_API}/").removeprefix("invocation/an-event/")
            at._told.put((what, json.loads(body)))
            self._answer(202, b"{}")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Lambda-Runtime-Aws-Request-Id", "an-event")
            self.send_header("Lambda-Runtime-Deadline-Ms", str(2**42))
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:it")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            with suppress(ConnectionError):  # the function was ended
                super().handle()

        def log_message(self, *_: object) -> None: ...

    return Api
