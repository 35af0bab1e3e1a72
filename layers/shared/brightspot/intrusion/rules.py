"""What is done about a subject of each kind: its weights, its window, when it is slowed and blocked."""

from typing import Any, Final, NamedTuple

from brightspot.intrusion.names import ALL, BLOCKED, SCORED, Kind, Name
from brightspot.intrusion.settings import IntrusionSettings
from brightspot.intrusion.signals import BUCKETS, FAILURES, Seen, Weights, address_weights
from brightspot.valkey import Answer, Script, Trip

MOST_LISTED: Final = 1000
HOUR_SECONDS: Final = 3600
_RECORD: Final = Script.beside(__file__, "record.lua")
_MICRO: Final = 1_000_000


class Rule(NamedTuple):
    """Times in seconds. A score of 0 for `half`, `quarter` or `block` means never.

    `weights` are what these go by, `shown` what a score is shown by.
    """

    weights: Weights
    shown: Weights
    window: int
    half: int = 0
    quarter: int = 0
    block: int = 0
    base: int = 1
    longest: int = 1
    forget: int = 1

    @property
    def width(self) -> int:
        """Microseconds of one bucket."""
        return self.window * _MICRO // BUCKETS

    def arguments(self, seen: Seen, name: str) -> list[Any]:
        """What the script is told."""
        limits = [self.half, self.quarter, self.block]
        times = [each * _MICRO for each in (self.base, self.longest, self.forget)]
        weights = [part for signal, each in self.weights.items() for part in (signal, *each)]
        return [
            name,
            seen.signal,
            seen.amount,
            self.width,
            *limits,
            *times,
            MOST_LISTED,
            HOUR_SECONDS * _MICRO,
            *weights,
        ]


class Rules:
    """As the settings have them."""

    def __init__(self, settings: IntrusionSettings) -> None:
        weights = address_weights(settings)
        self.all = Rule({}, {}, settings.window)
        self._by_kind: dict[Kind, Rule] = {
            "address": Rule(
                weights,
                weights,
                settings.window,
                settings.half,
                settings.quarter,
                settings.block,
                settings.base,
                settings.longest,
                settings.forget,
            ),
            # Never blocked, or strangers could lock its holder out: see `logins`.
            "account": Rule({}, weights, HOUR_SECONDS),
            "pair": Rule(
                FAILURES,
                FAILURES,
                HOUR_SECONDS,
                block=settings.pair_failures,
                base=settings.base,
                longest=settings.longest,
                forget=settings.forget,
            ),
        }

    def of(self, kind: Kind) -> Rule:
        return self._by_kind[kind]

    def ask(self, trip: Trip, name: Name, seen: Seen) -> Answer:
        """Have a signal recorded at a subject; answered with its score, its blocks, and a block that begins now."""
        return trip.script(_RECORD, [*name.keys, SCORED, BLOCKED], self.of(name.kind).arguments(seen, name.text))

    def ask_all(self, trip: Trip, seen: Seen) -> None:
        """Have a signal counted over all clients."""
        trip.script(_RECORD, [ALL] * 6, self.all.arguments(seen, ""))
