"""Workers per function: started when first needed, one request at a time each, ended by their process id.

A request that waits for others (a batch for its workers) must not keep them waiting: after a second it gives its place
up, and another worker may be started beside it, as Lambda starts environments.
"""

import json
import os
import queue
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from brightspot_local.dev.template import Function
from brightspot_local.paths import LAYER
from brightspot_local.services.aws import ELSEWHERE

_STOP_SECONDS = 3.0
_START_SECONDS = 30.0
_PATIENCE_SECONDS = 1.0
_MOST_WAITING = 16


class WorkerFailed(Exception):
    """The function timed out, died or raised; the message says which."""


class _Worker:
    def __init__(self, function: Function, forced: Mapping[str, str], log: Path) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "brightspot_local.dev.worker"]
        with theirs, log.open("ab") as sink:
            self.process = subprocess.Popen(
                [*command, str(function.folder), function.handler, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                env=_environment(function, forced),
                start_new_session=True,  # Ctrl-C is ours to hand on
            )
        self._timeout = function.timeout
        self._channel = ours
        self._frames = ours.makefile("rb")
        self._fresh = True

    def invoke(self, event: dict[str, Any], waits: Callable[[], None]) -> Any:
        """The function's return value; `waits` is called when it takes more than a second.

        Raises WorkerFailed; a worker that failed to answer is of no more use.
        """
        self._channel.settimeout(self._timeout + (_START_SECONDS if self._fresh else 0.0))
        patience = _START_SECONDS if self._fresh else _PATIENCE_SECONDS
        self._fresh = False
        frame = {"event": event, "timeout": self._timeout}
        try:
            self._channel.sendall(json.dumps(frame).encode() + b"\n")
            if not select.select([self._channel], [], [], patience)[0]:
                waits()
            line = self._frames.readline()
        except TimeoutError as error:
            raise WorkerFailed(f"no answer within {self._timeout:g} s") from error
        except OSError as error:
            raise WorkerFailed("the process ended") from error
        if not line:
            raise WorkerFailed("the process ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        self._frames.close()
        self._channel.close()
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _environment(function: Function, forced: Mapping[str, str]) -> dict[str, str]:
    callers = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    return {
        **function.environment,
        **callers,
        **forced,
        "PYTHONPATH": os.pathsep.join([str(LAYER), str(LAYER.parents[1] / "infrastructure")]),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
    }


class _Turn:
    """One of the places for requests; given back at the end, or as soon as its holder waits for others."""

    def __init__(self, places: threading.Semaphore) -> None:
        self._places = places
        self._held = False

    def give_back(self) -> None:
        if self._held:
            self._held = False
            self._places.release()

    def __enter__(self) -> Self:
        self._places.acquire()
        self._held = True
        return self

    def __exit__(self, *_: object) -> None:
        self.give_back()


class Pool:
    """Workers of one function, `size` of them for requests that are worked on, and more for those that wait.

    An idle worker is used again, a failed one replaced.
    """

    def __init__(
        self, function: Function, forced: Mapping[str, str], size: int, log: Path, announce: Callable[[str], None]
    ) -> None:
        """`forced` wins over the function's own environment and the caller's; `log` takes all that workers print."""
        self.size = size
        self._function = function
        self._forced = forced
        self._log = log
        self._announce = announce
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._places = threading.Semaphore(size)
        self._all = threading.Semaphore(size + _MOST_WAITING)
        self._workers: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False

    def invoke(self, event: dict[str, Any]) -> Any:
        """The function's return value. Raises WorkerFailed."""
        with self._all, _Turn(self._places) as turn:
            worker = self._take()
            try:
                answer = worker.invoke(event, turn.give_back)
            except WorkerFailed:
                self._discard(worker)
                raise
            self._idle.put(worker)
        if "errorType" in answer:
            raise WorkerFailed(f"{answer['errorType']}: {answer['errorMessage']}")
        return answer["returned"]

    def _take(self) -> _Worker:
        with suppress(queue.Empty):
            return self._idle.get_nowait()
        with self._lock:
            if self._closed:
                raise WorkerFailed("shutting down")
            worker = _Worker(self._function, self._forced, self._log)
            self._workers.add(worker)
        self._announce(f"started  {self._function.name} worker, process {worker.process.pid}")
        return worker

    def _discard(self, worker: _Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.stop()

    def close(self) -> None:
        """End every worker and wait for it."""
        with self._lock:
            self._closed = True
            workers, self._workers = self._workers, set()
        for worker in workers:
            worker.stop()
            self._announce(f"stopped  {self._function.name} worker, process {worker.process.pid}")
