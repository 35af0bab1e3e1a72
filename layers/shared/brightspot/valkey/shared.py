"""The one store of this process."""

from contextlib import suppress
from functools import lru_cache, partial

from brightspot.core.clock import SystemClock
from brightspot.core.settings import load
from brightspot.core.snapshots import after_restore, before_snapshot
from brightspot.valkey.adapter import StoreUnavailable, Valkey
from brightspot.valkey.connect import ValkeySettings, connect


@lru_cache(maxsize=1)
def shared_valkey() -> Valkey | None:
    """The store that the environment names, opened at its first use; None when it names none."""
    valkey = connect(load(ValkeySettings), SystemClock())
    if valkey is not None:
        before_snapshot(valkey.close)
        after_restore(partial(_reopen, valkey))
    return valkey


def _reopen(valkey: Valkey) -> None:
    with suppress(StoreUnavailable):  # the store tells its own failure, and requests know how to do without it
        valkey.call("PING")
