"""What this service is: its version, which parts of it are on, and the data it stands on."""

from collections.abc import Mapping

import msgspec

from brightspot import VERSION, locations
from brightspot.cache import cache_enabled
from brightspot.core.settings import load
from brightspot.core.switches import Switches
from brightspot.intrusion import IntrusionSettings
from brightspot.operations.components import SERVICE
from brightspot.protection import ProtectionSettings
from brightspot.security import AccessSettings
from brightspot.telemetry import monitoring_enabled
from brightspot.valkey import shared_valkey

_TEXT = "How good is a US address as the site of a child-care centre, and why."


class ServiceInfo(msgspec.Struct, frozen=True):
    """`features` says what is switched on and configured, not whether it works now: that is GET /health's.

    `limits` are the rate limits of each address by policy, as docs/rate-limits.md names them; null: not limited.
    `live_sources` are those that are on; without any, analyses stand on the embedded dataset alone.
    """

    name: str
    version: str
    description: str
    dataset: str
    features: dict[str, bool]
    live_sources: list[str]
    limits: dict[str, str | None]
    documentation: str
    api_description: str


def service_info(limits: Mapping[str, str | None]) -> ServiceInfo:
    """Of the process that answers; `limits` are those that its gate holds."""
    switches = load(Switches)
    return ServiceInfo(
        name=SERVICE,
        version=VERSION,
        description=_TEXT,
        dataset=locations.shared_dataset().version,
        features={
            "authentication": load(AccessSettings).required,
            "caching": cache_enabled(),
            "circuit_breakers": switches.resilience,
            "input_protection": load(ProtectionSettings).enabled and switches.security,
            "intrusion_detection": load(IntrusionSettings).enabled,
            "monitoring": monitoring_enabled(),
            "shared_store": shared_valkey() is not None,
            "warming": switches.warming,
        },
        live_sources=[each.removeprefix("live-") for each in locations.live_namespaces()],
        limits=dict(limits),
        documentation="/docs",
        api_description="/openapi.json",
    )
