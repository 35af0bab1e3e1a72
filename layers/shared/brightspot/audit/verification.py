"""Finds what was changed in a stream: edits, removals, gaps, other orders, and a rewrite after a checkpoint."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from brightspot.audit.checkpoint import NONE_BEFORE, Checkpoint, is_signed, root_of
from brightspot.audit.entry import BEGINNING, Entry, digest
from brightspot.security.keys import VerifyingKey


class Fault(msgspec.Struct, frozen=True):
    """What is wrong, and at which entry or checkpoint."""

    kind: str
    number: int
    detail: str


def verify(
    stream: str,
    entries: Sequence[Entry],
    checkpoints: Sequence[Checkpoint],
    keys: Mapping[str, VerifyingKey],
    anchored: Sequence[Checkpoint] = (),
) -> list[Fault]:
    """Every fault of a stream, none when it is whole.

    `entries` and `checkpoints` are in the order they are stored in, `anchored` the copies of checkpoints that are kept
    where nobody can change them. What came after the last checkpoint is protected by the chain alone: who may write to
    the table could write another end. What came before it is not changed by anybody without the signing key, nor, where
    it is anchored, with it.
    """
    return [
        *chain_faults(stream, entries),
        *_signatures(stream, checkpoints, keys),
        *_contents(entries, checkpoints),
        *_anchors(stream, checkpoints, anchored, keys),
    ]


def chain_faults(stream: str, entries: Sequence[Entry]) -> list[Fault]:
    """What is wrong with the entries among themselves."""
    return [*_chain(stream, entries)]


def _chain(stream: str, entries: Sequence[Entry]) -> Iterator[Fault]:
    previous = BEGINNING
    for expected, entry in enumerate(entries, 1):
        if entry.number != expected:
            yield Fault("gap", expected, f"entry {entry.number} stands where {expected} should")
        if entry.stream != stream:
            yield Fault("foreign", entry.number, f"it belongs to the stream {entry.stream[:64]!r}")
        if entry.previous != previous:
            yield Fault("broken_link", entry.number, "it does not follow the entry before it")
        if not _is_sealed(entry):
            yield Fault("edited", entry.number, "its content is not what its hash says")
        previous = entry.hash


def _is_sealed(entry: Entry) -> bool:
    try:
        told = digest(entry.stream, entry.number, entry.previous, entry.event)
    except ValueError:
        return False
    return told == entry.hash  # nosemgrep: secret-compared-by-eq  # whoever may read the log knows both


def _signatures(stream: str, checkpoints: Sequence[Checkpoint], keys: Mapping[str, VerifyingKey]) -> Iterator[Fault]:
    previous, last = NONE_BEFORE, 0
    for expected, checkpoint in enumerate(checkpoints, 1):
        said = checkpoint.statement
        if not is_signed(checkpoint, keys):
            yield Fault("unsigned_checkpoint", said.number, "no known key signed it")
        if said.number != expected or said.previous != previous or said.stream != stream:
            yield Fault("broken_checkpoint", said.number, "it does not follow the checkpoint before it")
        if said.first != last + 1 or said.last < said.first:
            yield Fault("broken_checkpoint", said.number, f"it covers {said.first} to {said.last} after {last}")
        previous, last = checkpoint.hash, said.last


def _contents(entries: Sequence[Entry], checkpoints: Sequence[Checkpoint]) -> Iterator[Fault]:
    for checkpoint in checkpoints:
        said = checkpoint.statement
        if said.last > len(entries):
            yield Fault("truncated", said.number, f"it covers {said.last} entries; {len(entries)} are left")
            continue
        covered = entries[max(0, said.first - 1) : said.last]
        if not _is_hashed(covered) or root_of(covered) != said.root:
            yield Fault(
                "rewritten", said.number, f"the entries {said.first} to {said.last} are not those it was made of"
            )


def _is_hashed(entries: Sequence[Entry]) -> bool:
    """Whether what they say for a hash could be one at all."""
    return all(len(each.hash) == len(BEGINNING) and set(each.hash) <= set("0123456789abcdef") for each in entries)


def _anchors(
    stream: str, checkpoints: Sequence[Checkpoint], anchored: Sequence[Checkpoint], keys: Mapping[str, VerifyingKey]
) -> Iterator[Fault]:
    stored = {each.statement.number: each for each in checkpoints}
    for each in anchored:
        number = each.statement.number
        if each.statement.stream != stream or not is_signed(each, keys):
            yield Fault("bad_anchor", number, "it is of another stream, or no known key signed it")
        elif number not in stored:
            yield Fault("checkpoint_removed", number, "it was anchored, and is no longer in the table")
        elif stored[number].statement != each.statement:
            yield Fault("checkpoint_replaced", number, "the table has another one than was anchored")
