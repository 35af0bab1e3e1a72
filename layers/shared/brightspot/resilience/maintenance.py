"""Maintenance: what is closed for now, by a setting or by a switch that all instances share."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import msgspec

from brightspot.core.clock import Clock, SystemClock
from brightspot.core.codec import dumps
from brightspot.core.settings import load, setting
from brightspot.valkey import Answer, StoreUnavailable, Trip, Valkey, shared_valkey

KEY: Final = "bs:maintenance:{switch}:state"
DAY_SECONDS: Final = 86_400
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MaintenanceSettings:
    """What holds while nobody has used the switch, or the shared store is away."""

    on: bool = setting("MAINTENANCE_MODE", False, "whether only reads and cached answers are served")
    retry_after_seconds: int = setting(
        "MAINTENANCE_RETRY_AFTER_SECONDS", 300, "seconds after which to come back", least=1, most=DAY_SECONDS
    )
    functions: str = setting("MAINTENANCE_FUNCTIONS", "", "functions that are closed, with commas between; none: all")


class Maintenance(msgspec.Struct, frozen=True):
    """Whether the service is under maintenance, and what that closes.

    With `functions` (as in the `RateLimit-Policy` header) only those are closed, else all are: reads, cached answers
    and administration are served nevertheless. `set_by` says what decides: the settings, or the switch, `since` (RFC
    3339; null for the settings). A closed request is asked to come back after `retry_after_seconds`.
    """

    on: bool
    retry_after_seconds: int
    functions: tuple[str, ...] = ()
    reason: str = ""
    set_by: Literal["setting", "switch"] = "setting"
    since: str | None = None

    def closes(self, function: str) -> bool:
        return self.on and (not self.functions or function in self.functions)


class MaintenanceSwitch:
    """One for all instances, in the shared store; without one, of this process. Safe to share between threads."""

    def __init__(self, valkey: Valkey | None, clock: Clock, settings: MaintenanceSettings) -> None:
        self._valkey = valkey
        self._clock = clock
        named = tuple(name for each in settings.functions.split(",") if (name := each.strip()))
        self._set = Maintenance(settings.on, settings.retry_after_seconds, named)
        self._here: bytes | None = None

    def ask(self, trip: Trip) -> Answer:
        """Ask with other questions, on one round trip; `holds` reads the answer."""
        return trip.add("GET", KEY)

    def holds(self, answer: Answer | None) -> Maintenance:
        """What the switch says, else the settings; None is for a trip that did not come back."""
        if self._valkey is None:
            return self._read(self._here)
        try:
            return self._set if answer is None else self._read(answer.value)
        except StoreUnavailable:
            return self._set

    def state(self) -> Maintenance:
        """What holds now, asked in a round trip of its own."""
        if self._valkey is None:
            return self.holds(None)
        trip = self._valkey.trip()
        answer = self.ask(trip)
        try:
            trip.run()
        except StoreUnavailable:
            return self._set
        return self.holds(answer)

    def turn(
        self, *, on: bool, retry_after_seconds: int | None = None, functions: tuple[str, ...] = (), reason: str = ""
    ) -> Maintenance:
        """Let the switch say so, whatever the settings say, until it is used again or `forget`.

        Raises StoreUnavailable when the others could not be told.
        """
        seconds = self._set.retry_after_seconds if retry_after_seconds is None else retry_after_seconds
        since = self._clock.now().isoformat()
        made = Maintenance(on, seconds, functions, reason, "switch", since)
        self._write(dumps(made))
        _log.warning("maintenance_switched", extra={"on": on, "functions": functions, "reason": reason})
        return made

    def forget(self) -> Maintenance:
        """Let the settings hold again. Raises StoreUnavailable when the others could not be told."""
        self._write(None)
        _log.warning("maintenance_switched", extra={"on": self._set.on, "functions": self._set.functions, "reason": ""})
        return self._set

    def _write(self, state: bytes | None) -> None:
        if self._valkey is None:
            self._here = state
        elif state is None:
            self._valkey.call("DEL", KEY)
        else:
            self._valkey.call("SET", KEY, state)

    def _read(self, kept: bytes | None) -> Maintenance:
        if kept is None:
            return self._set
        try:
            return msgspec.json.decode(kept, type=Maintenance)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            _log.warning("maintenance_unreadable", extra={"reason": str(error)})
            return self._set


@lru_cache(maxsize=1)
def shared_maintenance() -> MaintenanceSwitch:
    """The switch as the environment of this process names it; opens no connection yet."""
    return MaintenanceSwitch(shared_valkey(), SystemClock(), load(MaintenanceSettings))
