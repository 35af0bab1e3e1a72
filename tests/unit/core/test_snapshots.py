"""Hooks are registered where Lambda's runtime is, and plain functions elsewhere; the bundle suite has them run."""

from brightspot.core import snapshots


def test_without_lambdas_runtime_a_hook_stays_a_plain_function():
    called = []

    @snapshots.before_snapshot
    @snapshots.after_restore
    def hook(what):
        called.append(what)
        return len(called)

    assert called == []
    assert hook("by hand") == 1


def test_hooks_are_handed_to_the_runtime_that_has_a_place_for_them(monkeypatch):
    before, after = [], []
    monkeypatch.setattr(snapshots, "register_before_snapshot", before.append)
    monkeypatch.setattr(snapshots, "register_after_restore", after.append)
    assert snapshots.before_snapshot(len) is len
    assert snapshots.after_restore(max) is max
    snapshots.load_before_snapshot("wave")
    assert (before[0], after) == (len, [max])
    assert len(before) == 2
