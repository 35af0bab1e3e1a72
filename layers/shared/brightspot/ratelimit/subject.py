"""Who is counted: a client's address or any other identity, as a short text that is safe in a key."""

import re
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address

_SAFE = re.compile(r"[A-Za-z0-9._:/@+-]{1,100}")


def subject_of(address: str) -> str:
    """An IPv4 address as it is, an IPv6 one by its /64 (what one customer gets), anything else hashed.

    An IPv4 address in IPv6 clothes (::ffff:192.0.2.1) is that IPv4 address: by /64 all of them would be one client.
    """
    try:
        known = ip_address(address.strip())
    except ValueError:
        return _hashed(address)
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(IPv6Network((int(known), 64), strict=False))


def key_safe(subject: str) -> str:
    """The subject itself where it can stand inside a hash tag, else its hash."""
    return subject if _SAFE.fullmatch(subject) else _hashed(subject)


def _hashed(text: str) -> str:
    return f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
