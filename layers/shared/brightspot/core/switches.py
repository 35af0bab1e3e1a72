"""Switches of whole parts of the service. What protects others from a caller cannot be switched off here."""

from dataclasses import dataclass

from brightspot.core.settings import setting


@dataclass(frozen=True, slots=True)
class Switches:
    """Whole parts that may be switched off. Each that is says so in the log of every function (`switched_off`)."""

    security: bool = setting(
        "ENTERPRISE_SECURITY_ENABLED",
        True,
        "whether inputs are looked at for attacks; tokens, permissions, limits, sizes and headers hold in any case",
        off="inputs are not looked at for attacks",
    )
    resilience: bool = setting(
        "ENTERPRISE_RESILIENCE_ENABLED",
        True,
        "whether circuit breakers open by themselves and live sources are asked again",
        off="no circuit breaker opens by itself, and no live source is asked again; timeouts hold",
    )
    monitoring: bool = setting(
        "ENTERPRISE_MONITORING_ENABLED",
        True,
        "whether requests and all else are counted and measured, and LOG_REQUESTS holds; events are logged in any case",
        off="nothing is counted or measured, so alarms and dashboards see nothing, and no line for each request",
    )
    warming: bool = setting(
        "CACHE_WARMING_ENABLED",
        True,
        "whether POST /api/v2/cache/warm and the task cache_warming load anything",
        off="POST /api/v2/cache/warm is refused (409), and the task cache_warming loads nothing",
    )
