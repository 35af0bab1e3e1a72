"""Where the shared state of breakers lies, and the commands that read and change it."""

from collections.abc import Callable, Iterable, Sequence

from brightspot.core.clock import Clock
from brightspot.resilience.breaker_events import Event, Verdict
from brightspot.resilience.breaker_reading import Reading, key_of
from brightspot.resilience.breaker_settings import BreakerSettings
from brightspot.valkey import Answer, Script, Trip, Valkey

SCRIPT = Script.beside(__file__, "breaker.lua")
INDEX = "bs:breaker:{index}:names"
_LIFE_MS = 86_400_000  # of a state that nobody touches; longer than any breaker can be open


class SharedBreakers:
    """States in Valkey, one slot each, and an index of the names used within a day. Raises StoreUnavailable."""

    def __init__(self, valkey: Valkey, clock: Clock, jitter: Callable[[], float]) -> None:
        self._valkey = valkey
        self._clock = clock
        self._jitter = jitter

    def trip(self) -> Trip:
        return self._valkey.trip()

    def permit(self, name: str, rules: BreakerSettings) -> Verdict:
        """Ask for one call, in a round trip of its own."""
        trip = self._valkey.trip()
        answer = self.add_event(trip, name, "permit", "", rules)
        trip.run()
        return Verdict.of(answer.value)

    def change(self, name: str, event: Event, by_hand: int, rules: BreakerSettings) -> Verdict:
        """Open one by hand, for `by_hand` microseconds, or close it, in a round trip of its own."""
        trip = self._valkey.trip()
        answer = self.add_event(trip, name, event, "", rules, by_hand=by_hand)
        self.add_names(trip, [name])
        trip.run()
        return Verdict.of(answer.value)

    def add_event(
        self, trip: Trip, name: str, event: Event, lease: str, rules: BreakerSettings, *, by_hand: int = 0
    ) -> Answer:
        """Change one breaker by one event, on a trip; the answer is for `Verdict.of`."""
        times = [1000 * each for each in (rules.timeout_ms, rules.longest_ms)]
        trials = [rules.trial_calls, 1000 * rules.lease_ms]
        rate = [rules.rate_calls, rules.bucket_us, repr(rules.failure_percent)]
        arguments = [event, lease, rules.threshold, *times, *trials, *rate, repr(self._jitter()), by_hand, _LIFE_MS]
        return trip.script(SCRIPT, [key_of(name)], arguments)

    def add_names(self, trip: Trip, names: Iterable[str]) -> None:
        """Note on a trip that these names are in use; those not noted for a day lapse."""
        now = int(self._clock.now().timestamp() * 1000)
        scored: list[str | int] = []
        for name in names:
            scored += [now, name]
        if scored:
            trip.add("ZADD", INDEX, *scored)
            trip.add("ZREMRANGEBYSCORE", INDEX, "-inf", now - _LIFE_MS)
            trip.add("PEXPIRE", INDEX, _LIFE_MS)

    def names(self) -> set[str]:
        """Names that any instance used within a day."""
        return {name.decode() for name in self._valkey.call("ZRANGE", INDEX, 0, -1)}

    def read(self, names: Sequence[str]) -> Reading:
        """States in a round trip of their own."""
        trip = self._valkey.trip()
        reading = Reading(trip, names)
        trip.run()
        return reading

    def forget(self, names: Sequence[str]) -> Reading:
        """Remove states; what they were."""
        trip = self._valkey.trip()
        reading = Reading(trip, names)
        for name in names:
            trip.add("DEL", key_of(name))
        trip.run()
        return reading
