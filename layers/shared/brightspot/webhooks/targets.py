"""Where a URL leads, looked up once: the address that is checked is the address that is connected to.

Against server-side request forgery (OWASP, "Server Side Request Forgery Prevention Cheat Sheet"): whoever may name a
URL must not reach what only this network reaches, such as 169.254.169.254 or a database; nor by a name that leads
elsewhere the second time it is looked up (DNS rebinding).
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from brightspot.core.settings import setting
from brightspot.webhooks.errors import WebhookFailed

Resolve = Callable[[str, int], Sequence[str]]
_PORTS: Final = {"https": 443, "http": 80}
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address is in its last 32 bits
_LONGEST: Final = 2048


@dataclass(frozen=True, slots=True)
class TargetRules:
    """Which URLs webhooks may go to."""

    http: bool = setting("WEBHOOK_ALLOW_HTTP", False, "whether webhooks may go over http, unencrypted")
    private: bool = setting(
        "WEBHOOK_ALLOW_PRIVATE", False, "whether webhooks may go to private, loopback and link-local addresses"
    )


@dataclass(frozen=True, slots=True)
class Target:
    """A URL's parts. `origin` is scheme, host and port; `resource` is the path and query that are asked for."""

    scheme: str
    host: str
    port: int
    resource: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, rules: TargetRules) -> Target:
    """What a URL asks for. Raises WebhookFailed for one that webhooks do not go to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise WebhookFailed("its URL cannot be read") from error
    if parts.scheme not in _PORTS or (parts.scheme == "http" and not rules.http):
        raise WebhookFailed("its URL is not https")
    if not parts.hostname or parts.username is not None or len(url) > _LONGEST or not url.isascii():
        raise WebhookFailed("its URL has no host, a user name, or what no URL holds")
    if not url.isprintable() or " " in url:
        raise WebhookFailed("its URL has no host, a user name, or what no URL holds")
    resource = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], resource)


def addresses_of(target: Target, rules: TargetRules, resolve: Resolve) -> list[str]:
    """The addresses of a target's host, all of them such as webhooks may go to. Raises WebhookFailed."""
    try:
        found = list(dict.fromkeys(resolve(target.host, target.port)))
    except (OSError, UnicodeError) as error:
        raise WebhookFailed("its host has no address", again=0.0) from error
    if not found:
        raise WebhookFailed("its host has no address", again=0.0)
    if not rules.private and not all(is_public(each) for each in found):
        raise WebhookFailed("its host leads to an address that is not public")
    return found


def is_public(text: str) -> bool:
    """Whether an address is one of the open internet; what hides an IPv4 address in an IPv6 one is looked into."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            address = IPv4Address(int(address) & 0xFFFF_FFFF)
        elif address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif address.sixtofour is not None or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(host: str, port: int) -> list[str]:
    """What the system's resolver says."""
    return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
