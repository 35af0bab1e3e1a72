"""A deadline counts down, and a child never outlives its parent."""

from brightspot.resilience import Deadline


def test_it_counts_down_to_zero_and_no_further(clock):
    deadline = Deadline.after(clock, 2.0)
    clock.advance(seconds=1.5)
    assert deadline.remaining() == 0.5
    clock.advance(seconds=3)
    assert deadline.remaining() == 0.0


def test_a_child_ends_with_its_parent_or_sooner(clock):
    parent = Deadline.after(clock, 2.0)
    assert parent.within(5.0).remaining() == 2.0
    assert parent.within(0.5).remaining() == 0.5
