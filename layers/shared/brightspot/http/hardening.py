"""The security headers of every answer: OWASP's list, made once per process.

Source: OWASP Secure Headers Project, `ci/headers_add.json` of 2026-07-19, and the OWASP HTTP Headers Cheat Sheet for
X-XSS-Protection. docs/security.md says of each what it does here and where we differ.
"""

from dataclasses import dataclass
from typing import Final

from brightspot.core.errors import SettingsError
from brightspot.core.settings import setting

Field = tuple[bytes, bytes]

# What an answer that is no page may load: nothing. Pages bring their own policy.
CONTENT_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_SHARED_WITH: Final = ("same-origin", "same-site", "cross-origin")
_FEATURES: Final = (
    "accelerometer", "autoplay", "camera", "clipboard-read", "clipboard-write", "cross-origin-isolated",
    "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection",
    "interest-cohort", "keyboard-map", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "serial", "sync-xhr", "unload", "usb", "web-share",
    "xr-spatial-tracking",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HardeningSettings:
    """What of the security headers depends on where the service stands."""

    hsts_seconds: int = setting(
        "HSTS_MAX_AGE_SECONDS", 63_072_000, "seconds that browsers insist on HTTPS; 0 makes them forget it", least=0
    )
    hsts_subdomains: bool = setting("HSTS_SUBDOMAINS", True, "whether that holds for all subdomains too")
    hsts_preload: bool = setting("HSTS_PRELOAD", False, "whether the domain may go onto the browsers' preload list")
    shared_with: str = setting(
        "CROSS_ORIGIN_RESOURCE_POLICY", "same-origin", f"whose pages may load answers: {', '.join(_SHARED_WITH)}"
    )


class Hardening:
    """Adds what an answer does not say itself. Raises SettingsError for settings that cannot be used."""

    def __init__(self, settings: HardeningSettings) -> None:
        self.fields: tuple[Field, ...] = tuple(
            (name.encode(), value.encode()) for name, value in _values(settings).items()
        )
        self._names = frozenset(name for name, _ in self.fields)

    def add(self, fields: list[Field]) -> None:
        """Put the headers behind those of an answer, whose names are in lower case; what it sets itself stays."""
        said = self._names.intersection([name for name, _ in fields])
        fields.extend([each for each in self.fields if each[0] not in said] if said else self.fields)


def _values(settings: HardeningSettings) -> dict[str, str]:
    if settings.shared_with not in _SHARED_WITH:
        raise SettingsError(
            f"CROSS_ORIGIN_RESOURCE_POLICY={settings.shared_with!r}: send one of {', '.join(_SHARED_WITH)}"
        )
    return {
        "strict-transport-security": _transport(settings),
        "content-security-policy": CONTENT_POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "x-xss-protection": "0",  # the auditor it switched on made holes of its own
        "referrer-policy": "no-referrer",
        "permissions-policy": ", ".join(f"{each}=()" for each in _FEATURES),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-resource-policy": settings.shared_with,
        "x-permitted-cross-domain-policies": "none",
        "x-dns-prefetch-control": "off",
    }


def _transport(settings: HardeningSettings) -> str:
    """RFC 6797 §6.1; a browser heeds it over HTTPS only, so that `make dev` may send it."""
    told = f"max-age={settings.hsts_seconds}"
    if settings.hsts_subdomains:
        told += "; includeSubDomains"
    return f"{told}; preload" if settings.hsts_preload else told
