"""Who is scored, and under which keys: an address, an account, or an address at an account.

All keys share one hash tag, so that one script changes a score, its block and the indexes together. Only suspicious
requests write there; what every request reads there is one MGET.
"""

import re
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final, Literal, NamedTuple

from brightspot.core.errors import SettingsError
from brightspot.ratelimit import subject_of

Kind = Literal["address", "account", "pair"]
_KEY: Final = "bs:intrusion:{watch}:%s"
SCORED: Final = _KEY % "scored"
BLOCKED: Final = _KEY % "blocked"
ALL: Final = _KEY % "all"
_SAFE: Final = re.compile(r"[A-Za-z0-9._:/@-]{1,100}")
_ALLOW: Final = "INTRUSION_ALLOW"


class Name(NamedTuple):
    """A subject. `client` is an address, or the /64 of an IPv6 one; what does not apply is None."""

    kind: Kind
    client: str | None
    account: str | None

    @property
    def text(self) -> str:
        """As the indexes have it: `address:192.0.2.1`, `account:01H...`, `pair:192.0.2.1+01H...`."""
        return f"{self.kind}:{'+'.join(each for each in (self.client, self.account) if each is not None)}"

    def key(self, part: str) -> str:
        return _KEY % f"{part}:{self.text}"

    @property
    def keys(self) -> list[str]:
        """Its state, its block, and its marks of half and of a quarter of a limit."""
        return [self.key(part) for part in ("state", "block", "half", "quarter")]


def address(client: str) -> Name:
    return Name("address", subject_of(client), None)


def account(name: str) -> Name:
    return Name("account", None, _safe(name))


def pair(client: str, name: str) -> Name:
    return Name("pair", subject_of(client), _safe(name))


def unknown_account(email: str) -> str:
    """What an e-mail address that has no account is scored under: guessing at it is no better and no worse for it."""
    return f"email:{sha256(email.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def read(text: str) -> Name:
    """The name that an index has."""
    kind, _, rest = text.partition(":")
    if kind == "pair":
        client, _, account_name = rest.partition("+")
        return Name("pair", client, account_name)
    return Name("address", rest, None) if kind == "address" else Name("account", None, rest)


def _safe(name: str) -> str:
    if _SAFE.fullmatch(name):
        return name
    return f"sha256:{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


class Allowed:
    """Clients that are never scored. Raises SettingsError for what is no network, and for everybody."""

    def __init__(self, written: str) -> None:
        self._networks = [_network(each.strip()) for each in written.split(",") if each.strip()]

    def has(self, client: str) -> bool:
        if not self._networks:
            return False
        try:
            known = ip_address(client.strip())
        except ValueError:
            return False
        known = getattr(known, "ipv4_mapped", None) or known
        return any(known in each for each in self._networks)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(text)
    except ValueError as error:
        raise SettingsError(f"{_ALLOW}: {text!r} is no network ({error}); send CIDRs like 10.0.0.0/8") from error
    if network.prefixlen == 0:
        raise SettingsError(f"{_ALLOW}: {text!r} would allow everybody; set INTRUSION_DETECTION=false for that")
    return network
