"""The one place that knows redis-py: many commands in one round trip, every failure a StoreUnavailable."""

import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from brightspot.core.clock import Clock
from brightspot.core.errors import BrightspotError
from brightspot.valkey.script import Script

if TYPE_CHECKING:
    import redis

_REST_SECONDS = (0.5, 1.0, 2.0, 5.0)
_log = logging.getLogger(__name__)


class StoreUnavailable(BrightspotError):
    """The shared store cannot be used now; callers fall back to what they hold themselves."""


class Valkey:
    """One standalone or serverless endpoint. Safe to share between threads.

    After a failed connection or a timeout the store rests for 0.5, 1, 2 and then 5 seconds: calls in between raise at
    once, and the first one after each rest tries again. So an outage costs one request per rest a timeout, all others
    nothing.
    """

    def __init__(self, client: "redis.Redis", clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rest_until = 0.0

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
        return self._failures == 0

    def close(self) -> None:
        """Give the connections back; the next use opens new ones."""
        self._client.close()

    def exchange(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """All commands in one write and one read; an error answer stands in its place. Raises StoreUnavailable."""
        import redis  # noqa: PLC0415  # loaded by whoever made the client

        self._admit()
        try:
            answers = self._send(commands)
        except (redis.ConnectionError, redis.TimeoutError) as error:
            self._fail(error)
            raise StoreUnavailable(f"the shared store failed ({type(error).__name__})") from error
        if self._failures:
            _log.info("Redis connected", extra={"after_failures": self._failures})
            self._failures = 0
        return answers

    def _send(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        import redis  # noqa: PLC0415

        try:
            return self._pipeline(commands)
        except redis.ConnectionError as error:
            # A frozen environment wakes with a connection that the server closed long ago: try once with a new one.
            if self._failures or isinstance(error, redis.AuthenticationError):
                raise
            self._client.connection_pool.disconnect()
            return self._pipeline(commands)

    def _pipeline(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        with self._client.pipeline(transaction=False) as pipeline:
            for command in commands:
                pipeline.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
            return list(pipeline.execute(raise_on_error=False))

    def _admit(self) -> None:
        with self._lock:
            if not self._failures:
                return
            now = self._clock.monotonic()
            if now < self._rest_until:
                raise StoreUnavailable("the shared store rests after a failure")
            self._rest_until = now + self._rest()  # the others pass by while this call finds out

    def _fail(self, error: Exception) -> None:
        with self._lock:
            self._failures += 1
            rest = self._rest()
            self._rest_until = self._clock.monotonic() + rest
        if self._failures == 1:
            message = "Redis unavailable. Falling back to in-memory cache"
            _log.warning(message, extra={"error": type(error).__name__, "rest_seconds": rest})

    def _rest(self) -> float:
        return _REST_SECONDS[min(max(self._failures, 1), len(_REST_SECONDS)) - 1]


class Answer:
    """What one question of a trip was answered; it has a value once the trip has run."""

    __slots__ = ("_value",)

    def __init__(self) -> None:
        self._value: Any = None

    @property
    def value(self) -> Any:
        """The answer. Raises StoreUnavailable when the server refused this one question."""
        if isinstance(self._value, Exception):
            raise StoreUnavailable(f"the shared store refused: {self._value}") from self._value
        return self._value

    def settle(self, value: Any) -> None:
        self._value = value


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
        answers = self._valkey.exchange(self._commands)
        unknown = [at for at in self._scripts if _is_unknown_script(answers[at])]
        if unknown:
            loads = [("SCRIPT", "LOAD", self._scripts[at].source) for at in unknown]
            again = self._valkey.exchange([*loads, *(self._commands[at] for at in unknown)])
            for at, answer in zip(unknown, again[len(loads) :], strict=True):
                answers[at] = answer
        for answer, value in zip(self._answers, answers, strict=True):
            answer.settle(value)


def _is_unknown_script(answer: Any) -> bool:
    """Told by name, so that redis-py need not be imported here. Such a script did not run: asking again is safe."""
    return type(answer).__name__ == "NoScriptError"
