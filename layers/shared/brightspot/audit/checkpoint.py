"""Signed statements about a stream: so many entries, with this Merkle root, and nothing else, at that time."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from brightspot.audit.canonical import canonical
from brightspot.audit.entry import Entry
from brightspot.audit.merkle import leaf_hash, root
from brightspot.audit.signing import Signer
from brightspot.security.keys import VerifyingKey
from brightspot.security.signatures import holds
from brightspot.security.strict import from_base64url

NONE_BEFORE: Final = "0" * 64


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed: the entries `first` to `last` have this Merkle root; `previous` is the checkpoint before."""

    stream: str
    number: int
    first: int
    last: int
    root: str
    previous: str
    at: str


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with its signature (base64url), by the key `kid`."""

    statement: Statement
    kid: str
    signature: str

    @property
    def hash(self) -> str:
        return leaf_hash(canonical(msgspec.to_builtins(self))).hex()


def new_checkpoint(entries: Sequence[Entry], before: Checkpoint | None, at: str, signer: Signer) -> Checkpoint:
    """A checkpoint over all entries since the one before; `entries` are those, in their order, at least one."""
    statement = Statement(
        stream=entries[0].stream,
        number=1 if before is None else before.statement.number + 1,
        first=entries[0].number,
        last=entries[-1].number,
        root=root_of(entries),
        previous=NONE_BEFORE if before is None else before.hash,
        at=at,
    )
    return Checkpoint(statement=statement, kid=signer.kid, signature=signer.sign(_signed(statement)))


def root_of(entries: Sequence[Entry]) -> str:
    """The Merkle root of entries, by what they say their hashes are."""
    return root([bytes.fromhex(each.hash) for each in entries]).hex()


def is_signed(checkpoint: Checkpoint, keys: Mapping[str, VerifyingKey]) -> bool:
    """Whether one of these keys made its signature."""
    key = keys.get(checkpoint.kid)
    if key is None:
        return False
    try:
        return holds(key, from_base64url(checkpoint.signature), _signed(checkpoint.statement))
    except ValueError:
        return False


def _signed(statement: Statement) -> bytes:
    """With a name of its own in front, no signature of a token can be taken for one of a checkpoint."""
    return b"brightspot-audit-checkpoint\n" + canonical(msgspec.to_builtins(statement))
