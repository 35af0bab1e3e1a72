"""Circuit breakers by name, shared by all instances through Valkey, kept here while that is away."""

import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from random import Random

from brightspot.core.clock import Clock
from brightspot.resilience.breaker_events import BreakerStatus, CircuitOpenError, Event, Result, Transition, Verdict
from brightspot.resilience.breaker_listeners import Listener, Listeners
from brightspot.resilience.breaker_local import LocalBreakers
from brightspot.resilience.breaker_log import tell_event, tell_transition
from brightspot.resilience.breaker_reading import Reading
from brightspot.resilience.breaker_report import Report, Sent
from brightspot.resilience.breaker_settings import HOUR_MS, BreakerSettings
from brightspot.resilience.breaker_snapshot import Snapshot
from brightspot.resilience.breaker_store import SharedBreakers
from brightspot.valkey import StoreUnavailable, Trip, Valkey

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MOST_NAMES = 256
MOST_SECONDS_BY_HAND = 43_200  # half as long as a state is kept that nobody touches
_log = logging.getLogger(__name__)


class Breakers:
    """All breakers of a process, which come into being by use; at most 256 names. Safe to share between threads.

    CLOSED: every call passes; opens at `threshold` failures in a row, or when at least `rate_calls` calls were made in
    the last `window_ms` and `failure_percent` of them failed or were slow. OPEN: no call passes for the timeout.
    HALF_OPEN: `trial_calls` calls pass over all instances, each on a lease; as many successes close it, one failure
    opens it again, for longer. With the store away the same rules hold for this process alone, starting closed.
    `watch` sees every transition that this process causes, as do the listeners.
    """

    def __init__(
        self,
        valkey: Valkey | None,
        clock: Clock,
        settings: BreakerSettings,
        random: Random,
        watch: Listener | None = None,
    ) -> None:
        self._shared = SharedBreakers(valkey, clock, random.random) if valkey is not None else None
        self._local = LocalBreakers(clock, random.random)
        self._settings = settings
        self._listeners = Listeners(watch)
        self._rules: dict[str, BreakerSettings] = {}
        self._held: dict[str, deque[str]] = {}
        self._lock = threading.Lock()

    def configure(self, name: str, *, failure_threshold: int | None = None, timeout: float | None = None) -> None:
        """Give one breaker its own threshold and timeout (seconds, at most an hour); None leaves what it has."""
        rules = self.rules(name)
        if failure_threshold is not None and self._settings.opens:
            rules = replace(rules, threshold=failure_threshold)
        if timeout is not None:
            rules = replace(rules, timeout_ms=round(timeout * 1000))
        if rules.threshold < 1 or not 1 <= rules.timeout_ms <= HOUR_MS:
            raise ValueError(f"{name} cannot open after {rules.threshold} failures for {rules.timeout_ms} ms")
        self._rules[name] = rules

    def rules(self, name: str) -> BreakerSettings:
        """The rules of one breaker. Raises ValueError for a name that no key can hold, and for one name too many."""
        known = self._rules.get(name)
        if known is None:
            if not _NAME.fullmatch(name) or len(self._rules) >= _MOST_NAMES:
                raise ValueError(f"{name!r} is no name for a breaker, or {_MOST_NAMES} are in use already")
            known = self._rules.setdefault(name, self._settings)
        return known

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every transition that this process causes; what ends that is returned.

        One that raises is told in the log (`breaker_listener_failed`) and spoils neither the call nor other listeners.
        """
        return self._listeners.add(listener)

    def ask(self, trip: Trip | None, names: Iterable[str]) -> Snapshot:
        """The states of some breakers, read with other questions; without a trip, what this process knows."""
        return Snapshot(None if trip is None else Reading(trip, names), self._local)

    def permit(self, name: str, snapshot: Snapshot | None = None) -> None:
        """Ask before a call. Costs a round trip only without a snapshot, or when a trial call may be taken.

        Raises CircuitOpenError. After a permit the outcome must be reported: a trial call's place is kept for it
        until its lease ends.
        """
        lease = self.admit(name, snapshot)
        if lease:
            with self._lock:
                self._held.setdefault(name, deque(maxlen=self.rules(name).trial_calls)).append(lease)

    def admit(self, name: str, snapshot: Snapshot | None = None) -> str:
        """As `permit`, for a caller that keeps the lease ('' for an ordinary call) and reports with it."""
        seen = None if snapshot is None else snapshot.seen(name)
        if seen is not None and seen.state == "closed":
            return ""
        if seen is not None and seen.state == "open":
            raise CircuitOpenError(name, "open", seen.wait / 1_000_000)
        verdict = self._permit(name, shared=snapshot is None or not snapshot.lacks(name))
        self._tell(name, "permit", verdict)
        if not verdict.allowed:
            raise CircuitOpenError(name, verdict.after, verdict.wait / 1_000_000)
        return verdict.lease

    def report(self, trip: Trip | None, outcomes: Mapping[str, Result], lease: str | None = None) -> Report:
        """Count what became of calls: one script each, all on `trip`; call `settle` on the report when it has run.

        Without a trip the report travels by itself and is settled already. `lease` is what `admit` gave.
        """
        own = self._shared.trip() if trip is None and self._shared is not None else None
        on = own if trip is None else trip
        report = Report([self._send(on, each, outcomes[each], lease) for each in outcomes], self._settle)
        if on is not None and self._shared is not None:
            self._shared.add_names(on, outcomes)
        if trip is None:
            _travel(own)
            report.settle()
        return report

    def reset(self, name: str | None = None) -> list[str]:
        """Close one breaker, or all that any instance used within a day, and forget its counts; the names it was.

        An unknown name resets nothing. Raises StoreUnavailable when the shared state could not be reached.
        """
        known = self._names()
        names = sorted(known) if name is None else sorted(known & {name})
        before = Snapshot(None if self._shared is None else self._shared.forget(names), self._local)
        states = {each: before.state(each) for each in names}
        for each, state in states.items():
            self._local.forget(each)
            if state != "closed":
                self._changed(Transition(each, state, "closed", "reset"))
        return names

    def open(self, name: str, seconds: float) -> None:
        """Let no call through for `seconds` (at most 12 hours) in any instance; trial calls follow, as ever.

        Raises ValueError for another time, StoreUnavailable when the shared state could not be reached.
        """
        if not 0 < seconds <= MOST_SECONDS_BY_HAND:
            raise ValueError(f"{name} cannot be held open for {seconds:g} s; send at most {MOST_SECONDS_BY_HAND}")
        self._by_hand(name, "open", round(seconds * 1_000_000))

    def close(self, name: str) -> None:
        """Let calls through in every instance at once; failures in a row are forgotten, successes are not.

        Raises StoreUnavailable when the shared state could not be reached.
        """
        self._by_hand(name, "close", 0)

    def status(self, names: Iterable[str] = ()) -> dict[str, BreakerStatus]:
        """Every breaker that any instance used within a day, and `names`; with the store away, those of this process.

        Two round trips.
        """
        known, snapshot = self._look(set(names))
        return {each: snapshot.status(each) for each in known}

    def longest_open_seconds(self) -> float:
        """Since the breaker that recovers slowest opened, trial calls and reopening included; 0 when all are closed.

        Of the breakers that `status` tells. Two round trips.
        """
        known, snapshot = self._look(set())
        return max(map(snapshot.seconds_open, known), default=0.0)

    def _by_hand(self, name: str, event: Event, microseconds: int) -> None:
        rules = self.rules(name)
        if self._shared is None:
            verdict = self._local.apply(name, event, "", rules, microseconds)
        else:
            verdict = self._shared.change(name, event, microseconds, rules)
            self._local.forget(name)
        self._tell(name, event, verdict)

    def _look(self, wanted: set[str]) -> tuple[list[str], Snapshot]:
        try:
            known = sorted(self._names() | wanted)
            return known, Snapshot(None if self._shared is None else self._shared.read(known), self._local)
        except StoreUnavailable as error:
            _log.warning("breaker_status_local", extra={"reason": str(error)})
            return sorted(wanted | set(self._rules)), Snapshot(None, self._local)

    def _names(self) -> set[str]:
        return set(self._rules) | (set() if self._shared is None else self._shared.names())

    def _permit(self, name: str, *, shared: bool) -> Verdict:
        rules = self.rules(name)
        if self._shared is not None and shared:
            try:
                verdict = self._shared.permit(name, rules)
            except StoreUnavailable as error:
                _log.warning("breaker_counts_locally", extra={"breaker": name, "reason": str(error)})
            else:
                self._local.forget(name)
                return verdict
        return self._local.apply(name, "permit", "", rules)

    def _send(self, trip: Trip | None, name: str, result: Result, lease: str | None) -> Sent:
        if lease is None:
            with self._lock:
                held = self._held.get(name)
                lease = held.pop() if held else ""
        if trip is None or self._shared is None:
            return Sent(name, result, lease, None)
        return Sent(name, result, lease, self._shared.add_event(trip, name, result, lease, self.rules(name)))

    def _settle(self, sent: Sent) -> None:
        verdict = sent.verdict()
        if verdict is None:
            verdict = self._local.apply(sent.name, sent.result, sent.lease, self.rules(sent.name))
        else:
            self._local.forget(sent.name)  # what was counted here while the store was away is over
        self._tell(sent.name, sent.result, verdict)

    def _tell(self, name: str, event: Event, verdict: Verdict) -> None:
        transition = tell_event(name, event, verdict, self.rules(name))
        if transition is not None:
            self._listeners.tell(transition)

    def _changed(self, transition: Transition) -> None:
        tell_transition(transition)
        self._listeners.tell(transition)


def _travel(trip: Trip | None) -> None:
    try:
        if trip is not None:
            trip.run()
    except StoreUnavailable as error:
        _log.warning("breaker_counts_locally", extra={"reason": str(error)})
