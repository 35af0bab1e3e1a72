"""One subject's question: which script answers it, and how what it counted is given back."""

from dataclasses import dataclass

from brightspot.ratelimit.decision import Count
from brightspot.ratelimit.limit import Limit
from brightspot.valkey import Answer, Script, Trip

LOG = Script.beside(__file__, "log.lua")
GCRA = Script.beside(__file__, "gcra.lua")


@dataclass(frozen=True, slots=True)
class Asked:
    """`weight` units of `limit` at the subject behind `identity` (policy and subject, safe in a hash tag)."""

    identity: str
    limit: Limit
    weight: int

    @property
    def key(self) -> str:
        return f"bs:ratelimit:{{{self.identity}}}:{self.limit.algorithm}"

    def add(self, trip: Trip) -> Answer:
        """Check and count, at once."""
        return self._script(trip, self.weight)

    def add_refund(self, trip: Trip, count: Count) -> None:
        """Give back what `count` says passed. Units of one moment are all alike, so any of them will do."""
        if self.limit.algorithm == "log":
            trip.add("LREM", self.key, -self.weight, count.at)
        else:
            self._script(trip, -self.weight)

    def _script(self, trip: Trip, weight: int) -> Answer:
        script = LOG if self.limit.algorithm == "log" else GCRA
        return trip.script(script, [self.key], [self.limit.count, self.limit.microseconds, weight])
