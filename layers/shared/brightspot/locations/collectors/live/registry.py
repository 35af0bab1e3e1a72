"""The live sources that the environment switches on, wired to what asking them takes."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from random import SystemRandom
from typing import Any, cast

from brightspot.cache import TieredCache, shared_cache
from brightspot.core.clock import Clock, SystemClock
from brightspot.core.settings import load
from brightspot.core.switches import Switches
from brightspot.locations.collectors.bounds import Bounds
from brightspot.locations.collectors.live.copies import Copies
from brightspot.locations.collectors.live.errand import Errand
from brightspot.locations.collectors.live.facts import Facts
from brightspot.locations.collectors.live.http import Http
from brightspot.locations.collectors.live.line import Line
from brightspot.locations.collectors.live.quota import Quota
from brightspot.locations.collectors.live.round import Round
from brightspot.locations.collectors.live.settings import LiveSettings, settings_of
from brightspot.locations.collectors.live.source import Embedded, LiveSource
from brightspot.locations.collectors.seam import Site
from brightspot.locations.dataset.catchment import Catchments
from brightspot.locations.dataset.file import Dataset, Source
from brightspot.locations.dataset.ranks import Ranks
from brightspot.locations.model import live_sources
from brightspot.ratelimit import Limiter
from brightspot.resilience.retry import Retry, RetrySettings
from brightspot.valkey import Valkey, shared_valkey

_log = logging.getLogger(__name__)
_ROOM = "brightspot.locations.collectors.live.sources"
_RESERVE_SECONDS = 0.5  # for scoring and answering, after the last source had its time


@dataclass(frozen=True, slots=True)
class Means:
    """What all lines of a process share."""

    dataset: Dataset
    valkey: Valkey | None
    cache: TieredCache
    clock: Clock


class LiveSources:
    """The sources that are switched on, for all analyses of a process."""

    def __init__(self, sources: Sequence[LiveSource[Any]], means: Means) -> None:
        embedded = Embedded(means.dataset, Catchments(means.dataset))
        contact, retries = load(LiveSettings).contact, load(RetrySettings)
        if not load(Switches).resilience:
            retries = replace(retries, retries=0)
        http, limiter = Http(means.clock), Limiter(means.valkey, means.clock)
        self._ranks = Ranks(means.dataset)
        self._lines: dict[str, Line] = {}
        for each in sources:
            facts, settings = each.facts, settings_of(each.facts)
            if facts.needs_key and not settings.key:
                _log.warning("live_source_without_key", extra={"source": facts.id, "setting": f"{facts.variable}_KEY"})
            self._lines[facts.id] = Line(
                source=each,
                settings=settings,
                user_agent=facts.user_agent(contact),
                http=http,
                quota=Quota(facts, means.valkey, limiter),
                retry=Retry(facts.id, retries, SystemRandom()),
                copies=Copies(each, settings, means.cache),
                embedded=embedded,
            )

    def begin(self, site: Site, bounds: Bounds) -> Round:
        """Set out to every source that tells points of a site."""
        until = bounds.within(max(0.0, bounds.deadline.remaining() - _RESERVE_SECONDS))
        gives = {name: line.source.facts.gives for name, line in self._lines.items() if line.source.facts.gives}
        return Round({name: Errand(self._lines[name], site, until) for name in gives}, gives, self._ranks)

    def errand(self, source: str, site: Site, bounds: Bounds) -> Errand | None:
        """For a source that tells no points; None when it is off."""
        line = self._lines.get(source)
        return None if line is None else Errand(line, site, bounds)

    @property
    def fresh_hours(self) -> float:
        """How long a copy is served, by the source where that is shortest."""
        return min(line.settings.fresh_hours for line in self._lines.values())

    @property
    def credits(self) -> dict[str, Source]:
        """Name, licence and credit of each source, as the answer tells them."""
        return {name: credit(line.source.facts) for name, line in self._lines.items()}


def credit(facts: Facts) -> Source:
    """A provider beside the dataset's sources; each value says its own vintage."""
    return Source(facts.name, "live", facts.licence, facts.credit)


def source_of(name: str) -> LiveSource[Any]:
    """A source by its id."""
    return cast("LiveSource[Any]", import_module(f"{_ROOM}.{name}").SOURCE)


def live(dataset: Dataset) -> LiveSources:
    """What the environment switches on."""
    means = Means(dataset, shared_valkey(), shared_cache(), SystemClock())
    return LiveSources([source_of(name) for name in live_sources()], means)
