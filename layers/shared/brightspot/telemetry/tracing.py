"""Which backend spans go to, by the environment: none, AWS X-Ray, or OpenTelemetry."""

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from brightspot.core.clock import SystemClock
from brightspot.core.errors import SettingsError
from brightspot.core.settings import Alias, load, setting
from brightspot.core.snapshots import before_snapshot
from brightspot.telemetry.place import this_function
from brightspot.telemetry.spans import Tracer, use_tracer

Backend = Literal["off", "xray", "otel"]
_BACKENDS: Final = ("off", "xray", "otel")
_OTLP_PORT: Final = 4318
_OTLP_PATH: Final = "/v1/traces"


@dataclass(frozen=True, slots=True)
class TraceSettings:
    """Which requests are traced, and where spans go."""

    backend: str = setting(
        "TRACING", "", "where spans go: off, xray or otel; not set, otel where an endpoint is set, else off"
    )
    enabled: bool = setting("TELEMETRY_ENABLED", True, "whether spans are recorded at all", off="no spans are recorded")
    ratio: float = setting(
        "TELEMETRY_SAMPLE_RATE",
        1.0,
        "share of the traces that begin here that is recorded; others are as whoever began them says",
        least=0,
        most=1,
        also=[Alias("OTEL_TRACES_SAMPLER_ARG")],
    )
    endpoint: str = setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT", "", "base URL of a collector that takes OTLP over HTTP: http://localhost:4318"
    )
    jaeger: str = setting(
        "JAEGER_ENDPOINT", "", "URL of Jaeger, whose host is sent OTLP at port 4318, whatever port and path it names"
    )
    headers: str = setting(
        "OTEL_EXPORTER_OTLP_HEADERS", "", "headers for the collector: name=value, with commas between", secret=True
    )
    timeout_ms: int = setting(
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        300,
        "milliseconds that an answer waits for the collector at most",
        least=10,
        most=5000,
    )
    service: str = setting("OTEL_SERVICE_NAME", "brightspot", "name of the service, told with its spans")


_traced_by: Backend = "off"


def traced_by() -> Backend:
    """Where this process's spans go."""
    return _traced_by


def configure_tracing() -> None:
    """Record spans from here on, as the environment says. A function's entry calls this; off, it loads nothing.

    Raises SettingsError for settings that cannot be used.
    """
    global _traced_by  # noqa: PLW0603  # one per process
    settings = load(TraceSettings)
    backend = _backend(settings)
    _traced_by = backend
    if backend == "off":
        use_tracer(None)
    elif backend == "xray":
        from brightspot.telemetry.xray import XrayWriter  # noqa: PLC0415  # who does not trace loads nothing

        xray = XrayWriter(settings.service)
        before_snapshot(xray.prepare)
        use_tracer(Tracer(xray, settings.ratio))
    else:
        from brightspot.telemetry.otlp import Collector, OtlpWriter  # noqa: PLC0415  # as above

        url = otlp_url(settings)
        told = {"service.name": settings.service, "faas.name": this_function().name}
        otlp = OtlpWriter(Collector(url, _headers(settings.headers), settings.timeout_ms / 1000), told, SystemClock())
        before_snapshot(otlp.prepare)
        use_tracer(Tracer(otlp, settings.ratio))


def otlp_url(settings: TraceSettings) -> str:
    """Where OTLP is sent. Raises SettingsError when that is nowhere, no URL, or two places."""
    places = {
        name: _base(name, text)
        for name, text in {
            "OTEL_EXPORTER_OTLP_ENDPOINT": settings.endpoint,
            "JAEGER_ENDPOINT": _of_jaeger(settings.jaeger),
        }.items()
        if text
    }
    if not places:
        raise SettingsError(
            "TRACING=otel: set OTEL_EXPORTER_OTLP_ENDPOINT to a collector's URL (http://localhost:4318)"
        )
    if len({*places.values()}) > 1:
        raise SettingsError(f"{' and '.join(places)} disagree: set one of them, or both to one host")
    return next(iter(places.values())) + _OTLP_PATH


def _backend(settings: TraceSettings) -> Backend:
    asked = settings.backend.lower() or ("otel" if settings.endpoint or settings.jaeger else "off")
    for each in _BACKENDS:
        if asked == each:
            return each if settings.enabled else "off"
    raise SettingsError(f"TRACING={settings.backend!r}: send one of {', '.join(_BACKENDS)}")


def _of_jaeger(text: str) -> str:
    """The documents have its old port and path (14268, /api/traces); Jaeger takes OTLP at 4318."""
    host = urlsplit(text).hostname if text else None
    if host is None:
        return text
    return f"{urlsplit(text).scheme}://{f'[{host}]' if ':' in host else host}:{_OTLP_PORT}"


def _base(name: str, text: str) -> str:
    at = urlsplit(text)
    if at.scheme not in {"http", "https"} or not at.hostname or at.query or at.fragment:
        raise SettingsError(f"{name}: send http://host:port or https://host:port")
    return text.rstrip("/")


def _headers(text: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in text.split(",") if each.strip()]
    if any(not name.strip() or not between for name, between, _ in pairs):
        raise SettingsError("OTEL_EXPORTER_OTLP_HEADERS: send name=value, with commas between")
    return {name.strip(): value.strip() for name, _, value in pairs}
