"""Settings of the connection, and the store they describe."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from brightspot.core.clock import Clock
from brightspot.core.errors import SettingsError
from brightspot.core.settings import setting
from brightspot.valkey.adapter import Valkey
from brightspot.valkey.pool import Pool
from brightspot.valkey.wire import Endpoint

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
    cluster: bool = setting("REDIS_CLUSTER", False, "whether the server is one of a cluster's (cluster mode enabled)")
    connect_ms: int = setting("REDIS_CONNECT_TIMEOUT_MS", 150, "milliseconds to connect", least=1, most=5000)
    read_ms: int = setting("REDIS_READ_TIMEOUT_MS", 150, "milliseconds to wait for an answer", least=1, most=5000)

    @property
    def configured(self) -> bool:
        return bool(self.url or self.host)


def connect(settings: ValkeySettings, clock: Clock) -> Valkey | None:
    """The shared store, or None when none is configured. Opens no connection yet.

    Raises SettingsError for a REDIS_URL that cannot be read, and when it and REDIS_HOST/REDIS_PORT name different
    servers.
    """
    if not settings.configured:
        return None
    endpoint = _endpoint(settings)
    if settings.cluster:
        from brightspot.valkey.cluster import Cluster  # noqa: PLC0415  # the seldom one

        return Valkey(Cluster(endpoint), clock)
    return Valkey(Pool(endpoint), clock)


def _endpoint(settings: ValkeySettings) -> Endpoint:
    waits = (settings.connect_ms / 1000, settings.read_ms / 1000)
    if not settings.url:
        return Endpoint(settings.host, settings.port, settings.username, settings.password, 0, settings.tls, *waits)
    at = urlsplit(settings.url)
    if at.scheme not in {"redis", "rediss"} or not at.hostname:
        raise SettingsError("REDIS_URL: send redis://[user:password@]host[:port][/database], or rediss:// for TLS")
    try:
        port, database = at.port or _DEFAULT_PORT, int(at.path.strip("/") or 0)
    except ValueError as error:
        raise SettingsError("REDIS_URL: port and database are numbers") from error
    if parse_qsl(at.query, keep_blank_values=True):
        raise SettingsError("REDIS_URL: options after a ? are not understood; there are settings for them")
    if settings.host and (settings.host, settings.port) != (at.hostname, port):
        raise SettingsError("REDIS_URL and REDIS_HOST/REDIS_PORT name different servers; set one of them")
    user, password = unquote(at.username or ""), unquote(at.password or "")
    return Endpoint(at.hostname, port, user, password, database, at.scheme == "rediss", *waits)
