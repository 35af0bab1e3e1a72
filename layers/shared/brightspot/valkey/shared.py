"""The one store of this process."""

from functools import lru_cache

from brightspot.core.clock import SystemClock
from brightspot.core.settings import load
from brightspot.valkey.adapter import Valkey
from brightspot.valkey.connect import ValkeySettings, connect


@lru_cache(maxsize=1)
def shared_valkey() -> Valkey | None:
    """The store that the environment names, opened at its first use; None when it names none."""
    return connect(load(ValkeySettings), SystemClock())
