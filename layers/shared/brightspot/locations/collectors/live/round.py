"""All live sources that one analysis asks, at once, and what they add to the collectors."""

from collections.abc import Mapping, Sequence

from brightspot.locations.collectors.live.errand import Errand
from brightspot.locations.collectors.live.source import Found
from brightspot.locations.collectors.live.told import Told
from brightspot.locations.collectors.seam import Collector, Observation, Site
from brightspot.locations.dataset.live_points import EVERY_POINT
from brightspot.locations.dataset.ranks import Ranks
from brightspot.resilience import Deadline, Result


class Round:
    """The errands of one analysis, under way since it was made. Safe to share between threads."""

    def __init__(self, errands: Mapping[str, Errand], gives: Mapping[str, Mapping[str, str]], ranks: Ranks) -> None:
        self._errands = errands
        self._gives = gives
        self._ranks = ranks
        for errand in errands.values():
            errand.start()

    def over(self, collectors: Sequence[Collector]) -> tuple[Collector, ...]:
        """The collectors, each with the live sources that tell one of its points."""
        return tuple(self._over(each) for each in collectors)

    def told(self) -> dict[str, Told]:
        """What came of each source, by its id; waits for those that are still under way."""
        return {source: errand.told() for source, errand in self._errands.items()}

    def calls(self) -> dict[str, Result]:
        """What the breakers must know: the sources that were called, by name."""
        return {source: told.called for source, told in self.told().items() if told.called is not None}

    def points(self) -> dict[str, str | None]:
        """The points that sources were asked for, and why they were not told, where a source told nothing."""
        return {
            point: None
            if told.found
            else f"the live source {source} did not tell it: {told.reason or 'it knows nothing'}"
            for source, told in self.told().items()
            for point in self._gives[source]
        }

    def observations(self, source: str, collector: str) -> list[Observation]:
        """What a source tells of the points of one collector."""
        told = self._errands[source].told()
        return [self._observed(found, told) for found in told.found if EVERY_POINT[found.point].collector == collector]

    def way(self, source: str) -> str:
        """How the values of a source came, in a word or two."""
        return self._errands[source].told().way.replace("_", " ")

    def _over(self, collector: Collector) -> Collector:
        sources = tuple(
            source
            for source, points in self._gives.items()
            if any(EVERY_POINT[point].collector == collector.name for point in points)
        )
        return _Livened(collector, sources, self) if sources else collector

    def _observed(self, found: Found, told: Told) -> Observation:
        ranked = None if found.value is None else self._ranks.percentile(found.point, found.value)
        return Observation(
            point=found.point,
            value=found.value,
            percentile=ranked,
            unit=self._gives[told.source][found.point],
            source=told.source,
            vintage=found.vintage,
            level=found.level,
            kind=found.kind,
            bound=found.bound,
            label=found.label,
            age_seconds=told.age_seconds if told.way == "stale_copy" else None,
            reason=found.reason,
        )


class _Livened:
    """A collector of embedded data with live values on top; satisfies `Collector`.

    A live value takes the place of the embedded one. Where a source knows none, or fails, the embedded one stands.
    """

    def __init__(self, collector: Collector, sources: Sequence[str], asked: Round) -> None:
        self._collector = collector
        self._sources = sources
        self._round = asked
        self.name = collector.name

    @property
    def source(self) -> str:
        """Which way it went, such as "embedded, overpass (live)"; complete once it has collected."""
        ways = [f"{source} ({self._round.way(source)})" for source in self._sources]
        return ", ".join([self._collector.source, *ways])

    def collect(self, site: Site, deadline: Deadline) -> Sequence[Observation]:
        seen = {each.point: each for each in self._collector.collect(site, deadline)}
        for source in self._sources:
            for each in self._round.observations(source, self.name):
                if each.value is not None or each.point not in seen:
                    seen[each.point] = each
        return list(seen.values())
