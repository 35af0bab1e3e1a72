"""One hash over many entries, as Certificate Transparency builds it (RFC 6962 §2.1)."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"  # so that no node can be taken for a leaf


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of an entry."""
    return sha256(_LEAF + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of these leaf hashes, in their order; of none, the hash of nothing."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1  # the largest power of two below their number
    return sha256(_NODE + root(leaves[:split]) + root(leaves[split:])).digest()
