"""A standalone or serverless server's connections: one per thread that asks at the same time, the last one first."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from brightspot.valkey.wire import ConnectionLost, Endpoint, Wire


class Pool:
    """Safe to share between threads: a deque hands each idle connection to one of them."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._idle: deque[Wire] = deque()

    def exchange(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """All commands in one round trip. Raises WireFailed.

        A frozen environment wakes with connections that the server closed long ago: the first that turns out to be
        lost takes all idle ones with it, and the commands go once more, over a new one.
        """
        try:
            wire = self._idle.pop()
        except IndexError:
            return self._exchange(Wire(self._endpoint), commands)
        try:
            return self._exchange(wire, commands)
        except ConnectionLost:
            self.close()
            return self._exchange(Wire(self._endpoint), commands)

    def close(self) -> None:
        """Give the idle connections back; the next use opens new ones."""
        while True:
            try:
                self._idle.pop().close()
            except IndexError:
                return

    def __del__(self) -> None:
        self.close()

    def _exchange(self, wire: Wire, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        try:
            answers = wire.exchange(commands)
        except BaseException:
            wire.close()  # what it would read next belongs to this exchange
            raise
        self._idle.append(wire)
        return answers
