"""What is known about one site: every collector behind its breaker, and the live sources that are switched on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from brightspot.locations.collectors.bounds import Bounds
from brightspot.locations.collectors.gather import Collected, gather
from brightspot.locations.collectors.guarded import guarded, report
from brightspot.locations.collectors.seam import Collector, Site

if TYPE_CHECKING:
    from brightspot.locations.collectors.live.registry import LiveSources


def collect(collectors: Sequence[Collector], live: "LiveSources | None", site: Site, bounds: Bounds) -> Collected:
    """Ask everybody at once; a collector or source that fails costs only what it alone knows."""
    if live is None:
        collected = gather(guarded(collectors, bounds), site, bounds.deadline)
        report(bounds.breakers, collected.outcomes, {})
        return collected
    asked = live.begin(site, bounds)
    collected = gather(guarded(asked.over(collectors), bounds), site, bounds.deadline)
    report(bounds.breakers, collected.outcomes, asked.calls())
    return replace(collected, live=asked.told(), asked=asked.points())
