"""Whatever somebody does to a stream that has a checkpoint is found; a stream that was left alone is whole."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brightspot.audit.checkpoint import new_checkpoint
from brightspot.audit.entry import BEGINNING, sealed
from brightspot.audit.trail import ADMIN
from brightspot.audit.verification import verify
from brightspot.core.clock import SystemClock
from brightspot.core.errors import InputRefused
from tests.unit.audit.made import ADA, OTHERS, SIGNER, SIGNERS, act, keys, stored, trail_of


class Hand:
    """A clock of this module's own: Hypothesis takes no fixture that is made for each test."""

    def __init__(self):
        self._now = SystemClock().now()

    def advance(self, seconds):
        self._now += timedelta(seconds=seconds)

    def now(self):
        return self._now

    def monotonic(self):
        return 0.0


ENTRIES, CHECKPOINTS = stored(trail_of(Hand(), [5, 1, 3]))
KEYS = keys()
AT = "2026-11-28T00:00:00.000Z"


def found(entries, checkpoints=CHECKPOINTS, known=KEYS, anchored=()):
    return {fault.kind for fault in verify(ADMIN, entries, checkpoints, known, anchored)}


@pytest.mark.parametrize("algorithm", SIGNERS)
@pytest.mark.parametrize("sizes", [[], [1], [2, 1, 7]])
def test_a_stream_that_was_left_alone_is_whole(algorithm, sizes):
    trail = trail_of(Hand(), sizes, SIGNERS[algorithm], rest=2)
    assert found(*stored(trail), keys(SIGNERS[algorithm])) == set()
    assert found(*stored(trail), keys(*SIGNERS.values()), anchored=stored(trail)[1]) == set()


def changed_event(entry, field, value):
    return msgspec.structs.replace(entry.event, **{field: value})


FIELDS = st.sampled_from(["actor", "action", "target", "at", "client", "request_id", "tenant"])


def rehashed(events):
    """Entries over these events as an honest log would have made them, who writes to the table can do that."""
    made, previous = [], BEGINNING
    for number, event in enumerate(events, 1):
        made.append(sealed(ADMIN, number, previous, event))
        previous = made[-1].hash
    return made


@st.composite
def tampered(draw):
    """Entries after one change, with hashes made good or not; never those that were."""
    events = [each.event for each in ENTRIES]
    place = draw(st.integers(0, len(ENTRIES) - 1))
    way = draw(st.sampled_from(["edit", "remove", "swap", "truncate", "insert", "duplicate", "empty"]))
    good = draw(st.booleans())
    items = events if good else [*ENTRIES]
    if way == "edit":
        event = changed_event(ENTRIES[place], draw(FIELDS), draw(st.text("abcé ", min_size=1, max_size=5)))
        items[place] = event if good else msgspec.structs.replace(ENTRIES[place], event=event)
    elif way == "remove":
        del items[place]
    elif way == "swap":
        items[place], items[place - 1] = items[place - 1], items[place]
    elif way == "truncate":
        del items[place:]
    elif way == "empty":
        items.clear()
    else:
        new = items[draw(st.integers(0, len(items) - 1))] if way == "duplicate" else items[place]
        items.insert(place, new)
    return rehashed(items) if good else items


@settings(max_examples=800, deadline=None, derandomize=True)
@given(tampered())
def test_any_change_of_what_a_checkpoint_covers_is_found(entries):
    if entries[: len(ENTRIES)] != ENTRIES:  # one that was only added at the end is after the checkpoint
        assert found(entries) != set()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.sampled_from(range(len(ENTRIES))),
    st.sampled_from(["number", "previous", "hash", "stream"]),
    st.text("ab01", max_size=64),
)
def test_so_is_any_change_of_a_single_member(place, member, value):
    changed = [*ENTRIES]
    changed[place] = msgspec.structs.replace(ENTRIES[place], **{member: 99 if member == "number" else value})
    assert found(changed) != set()


def test_what_each_change_is_called():
    edited = [*ENTRIES]
    edited[2] = msgspec.structs.replace(ENTRIES[2], event=changed_event(ENTRIES[2], "actor", "mallory"))
    assert found(edited) == {"edited"}
    assert {"gap", "broken_link", "truncated"} <= found(ENTRIES[:3] + ENTRIES[4:])
    assert found(ENTRIES[:-1]) == {"truncated"}
    assert found(rehashed([each.event for each in ENTRIES[1:]])) == {"rewritten", "truncated"}
    assert {"broken_link", "gap", "rewritten"} <= found([ENTRIES[1], ENTRIES[0], *ENTRIES[2:]])


def test_checkpoints_cannot_be_made_without_the_key():
    forged = rehashed([changed_event(ENTRIES[0], "actor", "mallory"), *(each.event for each in ENTRIES[1:])])
    checkpoint = new_checkpoint(forged, None, AT, OTHERS)
    assert found(forged, [checkpoint]) == {"unsigned_checkpoint"}
    relabelled = msgspec.structs.replace(checkpoint, kid=SIGNER.kid)
    assert found(forged, [relabelled]) == {"unsigned_checkpoint"}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(range(3)), st.sampled_from(["first", "last", "number", "root", "previous", "at", "stream"]))
def test_nor_changed(place, member):
    statement = CHECKPOINTS[place].statement
    value = getattr(statement, member)
    other = value + 1 if isinstance(value, int) else value.swapcase() + "0"
    changed = [*CHECKPOINTS]
    changed[place] = msgspec.structs.replace(
        changed[place], statement=msgspec.structs.replace(statement, **{member: other})
    )
    assert "unsigned_checkpoint" in found(ENTRIES, changed)


@pytest.mark.parametrize("left", [CHECKPOINTS[1:], CHECKPOINTS[:1] + CHECKPOINTS[2:], [*reversed(CHECKPOINTS)]])
def test_nor_removed_or_put_in_another_order(left):
    assert "broken_checkpoint" in found(ENTRIES, left)


def test_the_last_ones_are_missed_where_they_are_anchored():
    shorter = ENTRIES[:6]
    assert found(shorter, CHECKPOINTS[:2]) == set()  # an end without a checkpoint is nobody's word
    assert found(shorter, CHECKPOINTS[:2], anchored=CHECKPOINTS) == {"checkpoint_removed"}


def test_even_who_has_the_key_cannot_rewrite_what_is_anchored():
    forged = rehashed([changed_event(each, "actor", "mallory") for each in ENTRIES])
    checkpoint = new_checkpoint(forged, None, AT, SIGNER)
    assert found(forged, [checkpoint]) == set()
    assert found(forged, [checkpoint], anchored=CHECKPOINTS) == {"checkpoint_replaced", "checkpoint_removed"}


def test_a_broken_stream_is_not_signed():
    clock = Hand()
    trail = trail_of(clock, [2])
    act(trail, clock, 2)
    kept = trail.ledger._entries[ADMIN]
    kept[3] = msgspec.structs.replace(kept[3], event=changed_event(kept[3], "actor", "mallory"))
    with pytest.raises(InputRefused, match="broken at entry 4"):
        trail.checkpoint(SIGNER)


def test_nothing_new_is_not_signed_again():
    assert trail_of(Hand(), [2]).checkpoint(SIGNER) is None


def test_what_fails_or_is_refused_is_recorded_and_raised():
    trail = trail_of(Hand(), [])

    def refused():
        raise InputRefused("namespace", "is none")

    def broken():
        raise RuntimeError("with a secret in it")

    with pytest.raises(InputRefused):
        trail.performed(ADA, "cache.clear", "nonsense", refused)
    with pytest.raises(RuntimeError):
        trail.performed(ADA, "cache.clear", "all", broken)
    assert trail.performed(ADA, "cache.clear", "all", lambda: 7) == 7
    events = [each.event for each in stored(trail)[0]]
    assert [(each.outcome, each.detail.get("reason")) for each in events] == [
        ("refused", "is none"), ("failed", "RuntimeError"), ("done", None),
    ]  # fmt: skip


def test_text_that_has_no_utf_8_and_text_without_end_are_recorded_all_the_same():
    trail = trail_of(Hand(), [])
    entry = trail.record(ADA, "cache.clear", "\ud800" + "x" * 5000, "refused")
    assert entry.event.target == "?" + "x" * 199
    assert found(*stored(trail)) == set()
