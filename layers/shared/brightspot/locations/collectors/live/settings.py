"""Settings of live sources: the same few for each, under a variable of its own."""

from dataclasses import dataclass, field, make_dataclass
from typing import Any
from urllib.parse import urlsplit

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load, setting
from brightspot.locations.collectors.live.facts import Facts

_YEAR_HOURS = 8760


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """What holds for all live sources."""

    contact: str = setting("LIVE_CONTACT", "", "address or page by which providers reach the operator")


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One source's: `url` has no slash at its end, times are seconds and hours."""

    url: str
    key: str = field(repr=False)
    timeout_seconds: float
    fresh_hours: float


def settings_of(facts: Facts) -> SourceSettings:
    """From the environment. Raises SettingsError."""
    said = load(group_of(facts))
    if urlsplit(said.url).scheme not in {"http", "https"} or not urlsplit(said.url).hostname:
        raise SettingsError(f"{facts.variable}_URL={said.url!r}: send a URL that starts with https://")
    return SourceSettings(said.url.rstrip("/"), said.key, said.timeout_seconds, said.fresh_hours)


def group_of(facts: Facts) -> type[Any]:
    """The settings group of one source, for `load` and for the page that lists settings."""
    variable = facts.variable
    declared: list[tuple[str, type, Any]] = [
        ("url", str, setting(f"{variable}_URL", facts.url, "where the service is")),
        ("key", str, setting(f"{variable}_KEY", "", "the provider's key", secret=True)),
        (
            "timeout_seconds",
            float,
            setting(
                f"{variable}_TIMEOUT_SECONDS", facts.timeout_seconds, "seconds it has per analysis", least=0.1, most=20
            ),
        ),
        (
            "fresh_hours",
            float,
            setting(f"{variable}_TTL_HOURS", facts.fresh_hours, "hours a copy is served", least=0, most=_YEAR_HOURS),
        ),
    ]
    return make_dataclass(f"{variable}_Settings", declared, frozen=True, slots=True)
