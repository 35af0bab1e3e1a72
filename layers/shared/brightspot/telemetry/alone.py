"""What a process without a store remembers of its own figures."""

from collections.abc import Mapping

from brightspot.telemetry.fields import add_fields
from brightspot.telemetry.readings import ByField


class Alone:
    """The last `kept` minutes, and all since it began. Its owner locks."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self.totals: dict[str, int] = {}
        self.minutes: dict[int, dict[str, int]] = {}
        self.readings: dict[str, float] = {}
        self.extremes: dict[int, ByField] = {}

    def take(
        self, owed: Mapping[int, Mapping[str, int]], readings: Mapping[str, float], extremes: Mapping[int, ByField]
    ) -> None:
        """Add what was measured, by minute."""
        self.readings.update(readings)
        for minute, noted in extremes.items():
            kept = self.extremes.setdefault(minute, {})
            for field, each in noted.items():
                kept[field] = kept.get(field, each).widened(each.low).widened(each.high)
        for minute, figures in owed.items():
            add_fields(self.totals, figures)
            add_fields(self.minutes.setdefault(minute, {}), figures)
        for several in (self.extremes, self.minutes):
            while len(several) > self._kept:
                del several[min(several)]
