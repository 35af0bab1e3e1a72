"""Settings of the connection, and the client they describe."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from brightspot.core.clock import Clock
from brightspot.core.errors import SettingsError
from brightspot.core.settings import setting
from brightspot.valkey.adapter import Valkey

if TYPE_CHECKING:
    import redis

_DEFAULT_PORT = 6379


@dataclass(frozen=True, slots=True)
class ValkeySettings:
    """Where the shared store is. Without REDIS_URL or REDIS_HOST there is none, and every instance keeps its own."""

    url: str = setting("REDIS_URL", "", "redis:// or rediss:// URL; wins over host and port, which must not disagree")
    host: str = setting("REDIS_HOST", "", "host name of the server")
    port: int = setting("REDIS_PORT", _DEFAULT_PORT, "port of the server", least=1, most=65535)
    username: str = setting("REDIS_USERNAME", "", "RBAC user name")
    password: str = setting("REDIS_PASSWORD", "", "RBAC password", secret=True)
    tls: bool = setting("REDIS_TLS", False, "whether host and port speak TLS")
    connect_ms: int = setting("REDIS_CONNECT_TIMEOUT_MS", 150, "milliseconds to connect", least=1, most=5000)
    read_ms: int = setting("REDIS_READ_TIMEOUT_MS", 150, "milliseconds to wait for an answer", least=1, most=5000)

    @property
    def configured(self) -> bool:
        return bool(self.url or self.host)


def connect(settings: ValkeySettings, clock: Clock) -> Valkey | None:
    """The shared store, or None when none is configured. Opens no connection yet.

    Raises SettingsError when REDIS_URL and REDIS_HOST/REDIS_PORT name different servers.
    """
    if not settings.configured:
        return None
    client = _client(settings)
    client.response_callbacks.clear()  # answers as the server gave them, the same for every command and script
    return Valkey(client, clock)


def _client(settings: ValkeySettings) -> "redis.Redis":
    import redis  # noqa: PLC0415  # 50 ms that only an instance with a shared store pays
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.retry import Retry  # noqa: PLC0415

    timeouts = {
        "socket_connect_timeout": settings.connect_ms / 1000,
        "socket_timeout": settings.read_ms / 1000,
        # redis-py's default policy waits 3.7 s on a dead port; the adapter reconnects once, at once.
        "retry": Retry(NoBackoff(), 0),
        "driver_info": None,
        "protocol": 2,
    }
    if settings.url:
        made: redis.Redis = redis.Redis.from_url(settings.url, **timeouts)
        _agree(settings, made)
        return made
    return redis.Redis(
        host=settings.host,
        port=settings.port,
        username=settings.username or None,
        password=settings.password or None,
        ssl=settings.tls,
        **timeouts,  # type: ignore[arg-type]  # one dict for both ways of making a client
    )


def _agree(settings: ValkeySettings, client: "redis.Redis") -> None:
    known = client.connection_pool.connection_kwargs
    if settings.host and (settings.host, settings.port) != (known.get("host"), known.get("port", _DEFAULT_PORT)):
        raise SettingsError("REDIS_URL and REDIS_HOST/REDIS_PORT name different servers; set one of them")
