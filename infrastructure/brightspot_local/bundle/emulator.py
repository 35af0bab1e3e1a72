"""One built function under the Lambda Runtime Interface Emulator, as a process of its own.

It sees its folder, the layer, the runtime client and the standard library, and none of the caller's environment.
"""

import json
import os
import platform
import re
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from brightspot_local.dev.template import Function
from brightspot_local.paths import ROOT

_HOST: Final = "127.0.0.1"
_INVOKE: Final = "/2015-03-31/functions/function/invocations"
_TOOLS: Final = ROOT / ".tools"
_CLIENT: Final = _TOOLS / "emulator"  # stands where Lambda has /var/runtime
_READY_SECONDS: Final = 10.0
_STOP_SECONDS: Final = 5.0
_INIT: Final = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)")
_EVENT: Final = re.compile(r"INVOKE RTDONE\(.*duration: ([\d.]+)ms\)")
_PEAK: Final = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class FunctionFailed(Exception):
    """The function could not be started, or answered with an error; the message ends with its log."""


class Emulator:
    """Starts a function on entry and ends it on exit. One event at a time: the emulator breaks on two."""

    def __init__(self, function: Function, layer: Path, log: Path) -> None:
        """`layer` is the folder that Lambda mounts at /opt; `log` is the file that takes all the function prints."""
        self._function = function
        self._layer = layer
        self._log = log
        self._port, self._runtime_port = _free_ports()

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self._function.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_it_listens()
        except FunctionFailed:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def invoke(self, event: dict[str, Any]) -> dict[str, Any]:
        """What the function returns for an event. Raises FunctionFailed."""
        connection = HTTPConnection(_HOST, self._port, timeout=self._function.timeout + _READY_SECONDS)
        try:
            connection.request("POST", _INVOKE, json.dumps(event))
            returned = json.loads(connection.getresponse().read())
        except (OSError, HTTPException, ValueError) as error:
            raise self._failed(f"no answer: {error}") from error
        finally:
            connection.close()
        if not isinstance(returned, dict) or "errorMessage" in returned:
            raise self._failed(str(returned))
        return returned

    @property
    def log(self) -> str:
        """All that the function and the emulator have printed."""
        return self._log.read_text(errors="replace")

    @property
    def init_ms(self) -> float | None:
        """How long the function's own start took, known after the first event."""
        found = _INIT.search(self.log)
        return float(found[1]) if found else None

    @property
    def durations_ms(self) -> list[float]:
        """How long each event took, by the emulator's own report."""
        return [float(each) for each in _EVENT.findall(self.log)]

    @property
    def peak_bytes(self) -> int:
        """The most memory that the function's process had resident so far. Raises FunctionFailed unless it runs."""
        _, *function = self.processes
        found = [_PEAK.search(Path(f"/proc/{each}/status").read_text()) for each in function]
        if not found or found[0] is None:
            raise self._failed("it does not run")
        return int(found[0][1]) * 1024

    @property
    def processes(self) -> list[int]:
        """Process ids: the emulator's, then the function's once it runs."""
        children = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        return [self._process.pid, *(int(pid) for each in children for pid in each.read_text().split())]

    def _command(self) -> list[str]:
        # -S leaves out the interpreter's own site-packages: what the bundle lacks must be missing here too.
        return [
            str(_emulator()),
            "--runtime-interface-emulator-address",
            f"{_HOST}:{self._port}",
            "--runtime-api-address",
            f"{_HOST}:{self._runtime_port}",
            str(Path(sys.executable).resolve()),
            "-S",
            "-m",
            "awslambdaric",
            self._function.handler,
        ]

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "LAMBDA_TASK_ROOT": str(self._function.folder),
            "PYTHONPATH": os.pathsep.join([str(self._layer / "python"), str(_CLIENT)]),
            "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's folders are read-only
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_REGION": "us-east-1",
            "AWS_LAMBDA_FUNCTION_NAME": self._function.name,
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(int(self._function.timeout)),
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_LAMBDA_LOG_LEVEL": "INFO",
            **self._function.environment,
        }

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise self._failed(f"the emulator ended with {self._process.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex((_HOST, self._port)) == 0:
                    return
            time.sleep(0.02)
        raise self._failed(f"nothing listened within {_READY_SECONDS:g} s")

    def _stop(self) -> None:
        """End the emulator, which ends its function, and wait for both."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _failed(self, what: str) -> FunctionFailed:
        return FunctionFailed(f"{self._function.name}: {what}\n--- its log ---\n{self.log}")


def _emulator() -> Path:
    """The emulator's binary for this machine, which aws-sam-cli ships for its containers."""
    machine = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
    found = sorted((_TOOLS / "sam").glob(f"lib/python3.*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}"))
    if not found:
        raise FunctionFailed("aws-sam-cli is not set up: run make bundle")
    return found[0]


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind((_HOST, 0))
        second.bind((_HOST, 0))
        return first.getsockname()[1], second.getsockname()[1]
