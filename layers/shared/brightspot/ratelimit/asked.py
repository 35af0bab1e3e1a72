"""One subject's question: which script answers it, and how what it counted is given back."""

from dataclasses import dataclass

from brightspot.ratelimit.decision import Count
from brightspot.ratelimit.quota import Quota
from brightspot.valkey import Answer, Script, Trip

LOG = Script.beside(__file__, "log.lua")
GCRA = Script.beside(__file__, "gcra.lua")
PEEK_LOG = Script.beside(__file__, "peek_log.lua")
PEEK_GCRA = Script.beside(__file__, "peek_gcra.lua")


@dataclass(frozen=True, slots=True)
class Asked:
    """`weight` units of a quota."""

    quota: Quota
    weight: int

    @property
    def key(self) -> str:
        return f"bs:ratelimit:{{{self.quota.identity}}}:{self.quota.limit.algorithm}"

    def add(self, trip: Trip) -> Answer:
        """Check and count, at once."""
        return self._script(trip, LOG if self._is_log else GCRA, self.weight)

    def add_peek(self, trip: Trip) -> Answer:
        """The same answer with nothing counted or written; what is left is told without these units."""
        return self._script(trip, PEEK_LOG if self._is_log else PEEK_GCRA, self.weight)

    def add_refund(self, trip: Trip, count: Count) -> None:
        """Give back what `count` says passed. Units of one moment are all alike, so any of them will do."""
        if self._is_log:
            trip.add("LREM", self.key, -self.weight, count.at)
        else:
            self._script(trip, GCRA, -self.weight)

    @property
    def _is_log(self) -> bool:
        return self.quota.limit.algorithm == "log"

    def _script(self, trip: Trip, script: Script, weight: int) -> Answer:
        limit = self.quota.limit
        return trip.script(script, [self.key], [limit.count, limit.microseconds, weight])
