"""Puts a function's gate, examining and delivery together from the environment; opens no connection."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from brightspot.cache import cache_enabled, shared_cache
from brightspot.core.clock import SystemClock
from brightspot.core.settings import load
from brightspot.core.snapshots import before_snapshot, load_before_snapshot
from brightspot.core.switches import Switches
from brightspot.http.admission import Admission
from brightspot.http.delivery import Delivery, DeliverySettings
from brightspot.http.encoding import load_codings
from brightspot.http.examining import Examining
from brightspot.http.gate import Gate, KeptAnswers, Rider
from brightspot.http.hardening import Hardening, HardeningSettings
from brightspot.http.policies import rate_policy
from brightspot.http.policy import Policy
from brightspot.http.reuse import Reuse
from brightspot.intrusion import shared_watch
from brightspot.protection import ProtectionSettings
from brightspot.ratelimit import Limiter
from brightspot.resilience.maintenance import shared_maintenance
from brightspot.security import ApiKeys, KeyUnchecked, KnownKey, Need, new_guard
from brightspot.telemetry import LogSettings
from brightspot.valkey import shared_valkey

_log = logging.getLogger(__name__)


def new_gate(
    name: str,
    needs: Need | Mapping[str, Need],
    reads: str | None,
    limits: Mapping[str, str],
    *,
    kept: type[KeptAnswers] | None,
    rider: Callable[[], Rider] | None,
) -> Gate:
    """The gate of one function, under the rate policies `name`, for its GET requests `reads`, and `limits` of routes.

    Raises SettingsError for an environment that cannot be used.
    """
    clock, valkey = SystemClock(), shared_valkey()
    limiter = Limiter(valkey, clock)
    if needs != "public":
        load_before_snapshot("brightspot.identity")
    return Gate(
        _policy(name, needs, reads, limits),
        valkey=valkey,
        limiter=limiter,
        admission=Admission(new_guard(clock), ApiKeys(_known_key, clock), limiter, valkey),
        cache=shared_cache(),
        kept=kept() if kept is not None and cache_enabled() else None,
        rider=rider() if rider is not None else None,
        maintenance=shared_maintenance(),
        watch=shared_watch(),
    )


def _known_key(key_id: str) -> KnownKey | None:
    """Asks the table of keys. Raises KeyUnchecked."""
    from brightspot.identity import known_key  # noqa: PLC0415  # who sends a token needs no table
    from brightspot.store import AwsUnavailable  # noqa: PLC0415

    try:
        return known_key(key_id)
    except AwsUnavailable as error:
        _log.warning("api_key_unchecked", extra={"key": key_id, "error": str(error)})
        raise KeyUnchecked from error


def _policy(name: str, needs: Need | Mapping[str, Need], reads: str | None, limits: Mapping[str, str]) -> Policy:
    own = {route: rate_policy(each) for route, each in limits.items()}
    return Policy(name, rate_policy(name), needs, None if reads is None else rate_policy(reads), own)


def new_delivery(reuse: Reuse, policy: Policy) -> Delivery:
    """How one function's answers leave. Raises SettingsError for an environment that cannot be used."""
    before_snapshot(load_codings)
    return Delivery(reuse, policy, load(DeliverySettings), Hardening(load(HardeningSettings)))


def new_examining() -> Examining:
    """How one function looks at what it is sent. Raises SettingsError for an environment that cannot be used."""
    settings = load(ProtectionSettings)
    return Examining(replace(settings, enabled=settings.enabled and load(Switches).security))


def tells_requests() -> bool:
    """Whether each request is a line of the log."""
    return load(LogSettings).requests and load(Switches).monitoring
