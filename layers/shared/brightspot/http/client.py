"""Which address a request is counted under: the peer's, or what a proxy that is trusted says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from brightspot.core.errors import SettingsError
from brightspot.core.settings import load, setting

_SECRET = "TRUSTED_PROXY_SECRET"  # noqa: S105  # nosec B105  # a variable's name
_LEAST_SECRET = 16
_VIEWER = b"cloudfront-viewer-address"
_FORWARDED = b"x-forwarded-for"
_IN_NAMES = frozenset("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~")  # RFC 9110, section 5.6.2

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """By default no proxy is trusted, and no header says anything about the client."""

    secret: str = setting(
        _SECRET, "", "what CloudFront sends along to prove itself; two with a comma while it changes", secret=True
    )
    secret_header: str = setting("TRUSTED_PROXY_SECRET_HEADER", "x-origin-secret", "the header that it sends it in")
    proxies: str = setting("TRUSTED_PROXIES", "", "addresses and CIDR networks of proxies, commas between them")


class Proxies:
    """Tells the client's address. Raises SettingsError for settings that would trust nobody meant."""

    def __init__(self, settings: ProxySettings) -> None:
        secrets = [each.strip().encode() for each in settings.secret.split(",") if each.strip()]
        if any(len(each) < _LEAST_SECRET for each in secrets):
            raise SettingsError(f"{_SECRET}: send at least {_LEAST_SECRET} characters, or a client may guess them")
        name = settings.secret_header.lower()
        if not _IN_NAMES.issuperset(name):
            raise SettingsError(f"TRUSTED_PROXY_SECRET_HEADER={settings.secret_header!r}: send the name of a header")
        self._secrets = secrets
        self._secret_header = name.encode()
        self._networks = [_network(each.strip()) for each in settings.proxies.split(",") if each.strip()]

    def client(self, peer: str, headers: Mapping[bytes, bytes]) -> str:
        """The address to count under. `headers` by their names in lower case; one that cannot be used says nothing."""
        if self._secrets and self._is_proved(headers.get(self._secret_header, b"")):
            return _viewer(headers.get(_VIEWER, b"")) or peer
        if self._networks and self._is_trusted(_address(peer)):
            return self._forwarded(headers.get(_FORWARDED, b"")) or peer
        return peer

    def _is_proved(self, sent: bytes) -> bool:
        return any([compare_digest(sent, each) for each in self._secrets])  # noqa: C419  # all, so that time tells none

    def _is_trusted(self, address: Address | None) -> bool:
        return address is not None and any(address in each for each in self._networks)

    def _forwarded(self, value: bytes) -> str | None:
        """The first from the right, where the nearest proxy wrote, that is no proxy of ours: the rest may lie."""
        address = None
        for part in reversed(value.decode("latin-1").split(",")):
            address = _address(part.strip())
            if address is None:
                return None
            if not self._is_trusted(address):
                break
        return str(address)


def _viewer(value: bytes) -> str | None:
    """The address in CloudFront's `192.0.2.7:46532` or `2001:db8::1:46532`, which has no brackets."""
    host, _, port = value.decode("latin-1").rpartition(":")
    if not (port.isascii() and port.isdigit()):
        return None
    address = _address(host.removeprefix("[").removesuffix("]"))
    return None if address is None else str(address)


def _address(text: str) -> Address | None:
    try:
        known = ip_address(text)
    except ValueError:
        return None
    mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
    return mapped or known


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(text)
    except ValueError as error:
        raise SettingsError(f"TRUSTED_PROXIES: {text!r} is no network ({error}); send CIDRs like 10.0.0.0/8") from error
    if network.prefixlen == 0:
        raise SettingsError(f"TRUSTED_PROXIES: {text!r} would trust everybody")
    return network


def configured_proxies() -> Proxies:
    """As the environment has it. Raises SettingsError."""
    return Proxies(load(ProxySettings))
