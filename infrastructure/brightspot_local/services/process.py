"""A server process of ours: one per folder, told apart from strangers by the lock that it holds while it lives."""

import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

HOST = "127.0.0.1"
_LOOK_AGAIN_SECONDS = 0.005
_END_SECONDS = 10.0


class ServiceUnavailable(Exception):
    """A local server cannot be used; the message says which, why and what to do."""


@dataclass(frozen=True, slots=True)
class Home:
    """One server's folder.

    `owner` is locked by the command that runs the server, `alive` by the server itself, which inherits the open file:
    so a lock tells who lives even when a process id was given away again. `process` holds the server's id; it stays
    behind when the server was not ended in order.
    """

    folder: Path
    log: Path

    @classmethod
    def of(cls, data: Path, name: str) -> "Home":
        """The folder of the server `name` under a data folder, readable by its owner only."""
        folder, logs = data / name, data / "logs"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        logs.mkdir(exist_ok=True)
        return cls(folder, logs / f"{name}.log")

    @property
    def process(self) -> Path:
        return self.folder / "process"

    def own(self, wait_seconds: float) -> TextIO | None:
        """The right to run this folder's server, held while the file is open; None when another command has it."""
        return _lock(self.folder / "owner", wait_seconds)

    def launch(self, command: Sequence[str], environment: Mapping[str, str], stdin: str = "") -> "Server":
        """Start the server. Whoever owns the folder may; a leftover must have been ended.

        Raises ServiceUnavailable when it cannot be started.
        """
        alive = _lock(self.folder / "alive", _END_SECONDS)
        if alive is None:
            raise ServiceUnavailable(f"a process without a known id still uses {self.folder}")
        self.process.unlink(missing_ok=True)
        try:
            with alive, self.log.open("ab") as log:
                started = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    env=environment,
                    cwd=self.folder,
                    pass_fds=[alive.fileno()],
                    start_new_session=True,  # Ctrl-C is ours to hand on
                )
        except OSError as error:
            raise ServiceUnavailable(f"{command[0]} cannot be started ({error.strerror})") from error
        self.process.write_text(f"{started.pid}\n")
        with suppress(BrokenPipeError), started.stdin:  # type: ignore[union-attr]  # a pipe was asked for
            started.stdin.write(stdin.encode())  # type: ignore[union-attr]
        return Server(self, started)

    def end_leftover(self) -> int | None:
        """End a server whose command is gone, and wait for it; its process id, None when there was none.

        Only the folder's owner may call it. Raises ServiceUnavailable when it does not end.
        """
        if self._free(0):
            return None
        process_id = self.known_process()
        if process_id is not None:
            for each in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError):
                    os.kill(process_id, each)
                if self._free(_END_SECONDS):
                    return process_id
        raise ServiceUnavailable(f"process {process_id or '(id unknown)'} still uses {self.folder}; end it by hand")

    def known_process(self) -> int | None:
        """The id of the server that runs, or of one that was not ended in order."""
        try:
            return int(self.process.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _free(self, wait_seconds: float) -> bool:
        lock = _lock(self.folder / "alive", wait_seconds)
        if lock is not None:
            lock.close()
        return lock is not None


class Server:
    """A running server process; `stop` ends it by its id and waits for it."""

    def __init__(self, home: Home, process: subprocess.Popen[bytes]) -> None:
        self._home = home
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def stop(self, wait_seconds: float = _END_SECONDS) -> bool:
        """End it: TERM, so that it saves; KILL after `wait_seconds`. Whether it ended in order."""
        self._process.terminate()
        try:
            in_order = self._process.wait(wait_seconds) == 0
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            in_order = False
        if in_order:
            self._home.process.unlink(missing_ok=True)
        return in_order


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _lock(file: Path, wait_seconds: float) -> TextIO | None:
    opened = file.open("a")
    gives_up_at = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= gives_up_at:
                opened.close()
                return None
            time.sleep(_LOOK_AGAIN_SECONDS)
        else:
            return opened
