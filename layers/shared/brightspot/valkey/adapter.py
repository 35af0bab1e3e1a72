"""The shared store: many commands in one round trip, every failure a StoreUnavailable, and a rest after each."""

import logging
from collections.abc import Sequence
from typing import Any, Literal, Protocol

from brightspot.core.clock import Clock
from brightspot.core.errors import BrightspotError
from brightspot.core.kinds import EXTERNAL_SERVICE
from brightspot.core.rest import Rest
from brightspot.valkey.script import Script
from brightspot.valkey.wire import WireFailed

_log = logging.getLogger(__name__)


class StoreUnavailable(BrightspotError):
    """The shared store cannot be used now; callers fall back to what they hold themselves."""

    kind = EXTERNAL_SERVICE


class Server(Protocol):
    """What carries commands: a pool of connections, or a cluster. Raises WireFailed."""

    def exchange(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]: ...

    def close(self) -> None: ...


class Valkey:
    """One endpoint. Safe to share between threads.

    After a failed connection or a timeout the store rests for 0.5, 1, 2 and then 5 seconds: calls in between raise at
    once, and the first one after each rest tries again. So an outage costs one request per rest a timeout, all others
    nothing.
    """

    def __init__(self, server: Server, clock: Clock) -> None:
        self._server = server
        self._rest = Rest(clock)

    def trip(self) -> "Trip":
        """A new round trip, to be filled with questions."""
        return Trip(self)

    def call(self, *command: Any) -> Any:
        """One command in a round trip of its own. Raises StoreUnavailable."""
        trip = self.trip()
        answer = trip.add(*command)
        trip.run()
        return answer.value

    def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """One script in a round trip of its own. Raises StoreUnavailable."""
        trip = self.trip()
        answer = trip.script(script, keys, arguments)
        trip.run()
        return answer.value

    @property
    def healthy(self) -> bool:
        """Whether the last use succeeded."""
        return self._rest.failures == 0

    def close(self) -> None:
        """Give the connections back; the next use opens new ones."""
        self._server.close()

    def exchange(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """All commands in one write and one read; an error answer stands in its place. Raises StoreUnavailable."""
        if not self._rest.admits():
            raise StoreUnavailable("the shared store rests after a failure")
        try:
            answers = self._server.exchange(commands)
        except WireFailed as error:
            self._fail(error)
            raise StoreUnavailable(f"the shared store failed ({type(error).__name__})") from error
        if failures := self._rest.succeeded():
            _log.info("Redis connected", extra={"after_failures": failures})
        return answers

    def _fail(self, error: Exception) -> None:
        rest = self._rest.failed()
        if self._rest.failures == 1:
            message = "Redis unavailable. Falling back to in-memory cache"
            _log.warning(message, extra={"error": type(error).__name__, "rest_seconds": rest})


class Answer:
    """What one question of a trip was answered; it has a value once the trip has run.

    `state` is `open` until then, then `answered`, or `failed` when the trip came to nothing or the server refused.
    """

    __slots__ = ("_value", "state")

    def __init__(self) -> None:
        self._value: Any = None
        self.state: Literal["open", "answered", "failed"] = "open"

    @property
    def value(self) -> Any:
        """The answer. Raises StoreUnavailable when the server refused this one question, or the trip failed."""
        if isinstance(self._value, Exception):
            raise StoreUnavailable(f"the shared store refused: {self._value}") from self._value
        return self._value

    def settle(self, value: Any) -> None:
        self._value = value
        self.state = "failed" if isinstance(value, Exception) else "answered"


class Trip:
    """Questions that travel together. Each is answered on its own: one that fails spoils no other."""

    def __init__(self, valkey: Valkey) -> None:
        self._valkey = valkey
        self._commands: list[tuple[Any, ...]] = []
        self._answers: list[Answer] = []
        self._scripts: dict[int, Script] = {}

    def add(self, *command: Any) -> Answer:
        """Ask one command."""
        self._commands.append(command)
        self._answers.append(Answer())
        return self._answers[-1]

    def script(self, script: Script, keys: Sequence[str], arguments: Sequence[Any]) -> Answer:
        """Ask one script."""
        self._scripts[len(self._commands)] = script
        return self.add("EVALSHA", script.digest, len(keys), *keys, *arguments)

    def run(self) -> None:
        """Travel. Raises StoreUnavailable when nothing came back; a trip without questions costs nothing."""
        if not self._commands:
            return
        try:
            answers = self._travelled()
        except StoreUnavailable as error:
            for answer in self._answers:
                answer.settle(error)
            raise
        for answer, value in zip(self._answers, answers, strict=True):
            answer.settle(value)

    def _travelled(self) -> list[Any]:
        answers = self._valkey.exchange(self._commands)
        unknown = [at for at in self._scripts if _is_unknown_script(answers[at])]
        if unknown:
            loads = [("SCRIPT", "LOAD", self._scripts[at].source) for at in unknown]
            again = self._valkey.exchange([*loads, *(self._commands[at] for at in unknown)])
            for at, answer in zip(unknown, again[len(loads) :], strict=True):
                answers[at] = answer
        return answers


def _is_unknown_script(answer: Any) -> bool:
    """Such a script did not run: asking again is safe."""
    return isinstance(answer, Exception) and str(answer).startswith("NOSCRIPT")
