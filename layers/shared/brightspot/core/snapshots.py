"""Lambda SnapStart: what is done before a started function is frozen as a snapshot, and after each wake from it.

Many environments wake from one snapshot: what it holds is in all of them. Hooks are registered with Lambda's runtime,
which has `snapshot_restore_py` and runs them for published versions with SnapStart; elsewhere nothing is registered.
"""

import logging
import random
from collections.abc import Callable
from importlib import import_module

try:
    from snapshot_restore_py import (  # type: ignore[import-not-found]  # no dependency: Lambda's runtime brings it
        register_after_restore,
        register_before_snapshot,
    )
except ImportError:
    register_after_restore = register_before_snapshot = None

_log = logging.getLogger(__name__)


def before_snapshot[**P, T](hook: Callable[P, T]) -> Callable[P, T]:
    """Have `hook` called before the snapshot; the last one registered goes first, hooks that hooks register next.

    For loading what requests will need, and for closing connections. One that raises keeps the version from being
    published. It must ask no server: its answer would be old in every environment. Returns the hook.
    """
    if register_before_snapshot is not None:
        register_before_snapshot(hook)
    return hook


def after_restore[**P, T](hook: Callable[P, T]) -> Callable[P, T]:
    """Have `hook` called at each wake, in order of registration; all of them have 10 s. Returns the hook."""
    if register_after_restore is not None:
        register_after_restore(hook)
    return hook


def load_before_snapshot(*modules: str) -> None:
    """Have modules loaded before the snapshot that requests would load late."""

    @before_snapshot
    def _load() -> None:
        for each in modules:
            import_module(each)


@before_snapshot
def _tell() -> None:
    _log.info("snapshot_prepared")  # the first line loads what formats lines


@after_restore
def _reseed() -> None:
    """Environments of one snapshot would draw the same numbers; ids and jitter of ours come from the system anyway."""
    random.seed()
