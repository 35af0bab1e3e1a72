"""A cluster's nodes behind the same face: redis-py knows who has which slot; one round trip to each node asked."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hiredis import ReplyError

from brightspot.valkey.wire import ConnectionLost, Endpoint, LoginRefused, NoAnswer, WireFailed

if TYPE_CHECKING:
    from redis.cluster import ClusterNode, RedisCluster

_ANYWHERE = {"TIME", "PING"}
_MOVED = ("MovedError", "AskError", "ClusterDownError", "TryAgainError")


class Cluster:
    """Safe to share between threads. Keys that a script or command takes together must share a hash tag."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._made: RedisCluster | None = None

    def exchange(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """As `Pool.exchange`; questions without a key go where a question with one goes anyhow. Raises WireFailed."""
        known = self._made is not None
        try:
            return self._settled(commands)
        except ConnectionLost:
            if not known:
                raise
        return self._settled(commands)

    def _settled(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        import redis  # noqa: PLC0415  # 70 ms that only cluster mode pays
        from redis.exceptions import RedisClusterException  # noqa: PLC0415

        try:
            answers = self._round(commands)
            moved = [at for at, answer in enumerate(answers) if type(answer).__name__ in _MOVED]
            if moved:  # slots wander while a cluster grows: look again who has them, once
                self.close()
                again = self._round([commands[at] for at in moved])
                for at, answer in zip(moved, again, strict=True):
                    answers[at] = answer
        except redis.TimeoutError as error:
            raise NoAnswer(str(error)) from error
        except redis.AuthenticationError as error:
            raise LoginRefused(str(error)) from error
        except (redis.RedisError, RedisClusterException) as error:
            self.close()
            raise ConnectionLost(f"{type(error).__name__}: {error}") from error
        return [_as_reply(answer) for answer in answers]

    def close(self) -> None:
        """Give the connections back; the next use looks anew which nodes there are."""
        made, self._made = self._made, None
        if made is not None:
            made.close()

    def _round(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        client = self._client()
        asked: dict[str, tuple[ClusterNode, list[int]]] = {}
        for at, command in enumerate(commands):
            for node in _nodes(client, command, commands):
                asked.setdefault(node.name, (node, []))[1].append(at)
        answers: list[Any] = [None] * len(commands)
        for node, places in asked.values():
            for at, answer in zip(places, _ask(client, node, [commands[at] for at in places]), strict=True):
                answers[at] = answer
        return answers

    def _client(self) -> "RedisCluster":
        if self._made is None:
            from redis.backoff import NoBackoff  # noqa: PLC0415
            from redis.cluster import RedisCluster  # noqa: PLC0415
            from redis.retry import Retry  # noqa: PLC0415

            at = self._endpoint
            self._made = RedisCluster(
                host=at.host,
                port=at.port,
                username=at.username or None,
                password=at.password or None,
                ssl=at.tls,
                socket_connect_timeout=at.connect_seconds,
                socket_timeout=at.read_seconds,
                retry=Retry(NoBackoff(), 0),
                protocol=2,
            )
        return self._made


def _ask(client: "RedisCluster", node: "ClusterNode", commands: list[tuple[Any, ...]]) -> list[Any]:
    connection = client.get_redis_connection(node)
    connection.response_callbacks.clear()  # answers as the server gave them
    with connection.pipeline(transaction=False) as pipeline:
        for command in commands:
            pipeline.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
        return list(pipeline.execute(raise_on_error=False))


def _nodes(
    client: "RedisCluster", command: tuple[Any, ...], commands: Sequence[tuple[Any, ...]]
) -> Iterator["ClusterNode"]:
    if command[0] == "SCRIPT":  # every node keeps its own scripts
        yield from client.get_primaries()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
        return
    key = _key(command) or next((key for each in commands if (key := _key(each))), None)
    node = client.get_random_primary_node() if key is None else client.get_node_from_key(key)  # type: ignore[no-untyped-call]
    if node is None:
        raise WireFailed(f"no node of the cluster has the slot of {key!r}")
    yield node


def _key(command: tuple[Any, ...]) -> str | bytes | None:
    """The key that decides where a command goes; of a SCAN its pattern, whose hash tag names the one slot it reads."""
    match command:
        case ("EVALSHA", _, 0, *_) | ("SCRIPT", *_):
            return None
        case ("EVALSHA", _, _, str() | bytes() as key, *_) | ("SCAN", _, "MATCH", str() | bytes() as key, *_):
            return key
        case (name, str() | bytes() as key, *_) if name not in _ANYWHERE:
            return key
        case _:
            return None


def _as_reply(answer: Any) -> Any:
    """redis-py takes the code off an error (`NOSCRIPT`) and makes a type of it."""
    if type(answer).__name__ == "NoScriptError":
        return ReplyError(f"NOSCRIPT {answer}")
    return answer
