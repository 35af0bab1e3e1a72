"""Ask all collectors at once and keep what each found, or why it found nothing."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from brightspot.locations.collectors.seam import Collector, Observation, Site
from brightspot.resilience import CircuitOpenError, Deadline, Outcome, run_all
from brightspot.telemetry import span

if TYPE_CHECKING:
    from brightspot.locations.collectors.live.told import Told

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Collected:
    """Observations by point, how each collector fared, and why the points of a failed one are missing.

    `ways` says where each collector had its values from. `live` is what came of each live source, `asked` the points
    that they were asked for and why they told nothing, if so.
    """

    observations: Mapping[str, Observation]
    outcomes: Mapping[str, Outcome[Sequence[Observation]]]
    failures: Mapping[str, str]
    ways: Mapping[str, str] = field(default_factory=dict)
    live: Mapping[str, "Told"] = field(default_factory=dict)
    asked: Mapping[str, str | None] = field(default_factory=dict)


def gather(collectors: Sequence[Collector], site: Site, deadline: Deadline) -> Collected:
    """Run every collector under `deadline`; one that raises or hangs costs only its own points."""
    jobs = {collector.name: partial(_collect, collector, site, deadline) for collector in collectors}
    outcomes = run_all(jobs, deadline)
    found: dict[str, Observation] = {}
    failures: dict[str, str] = {}
    for name, outcome in outcomes.items():
        if outcome.status == "ok":
            found |= {observation.point: observation for observation in outcome.value or ()}
        else:
            failures[name] = _reason(name, outcome)
            _log.warning(
                "collector_failed", extra={"collector": name, "status": outcome.status}, exc_info=outcome.error
            )
    _log.debug("parallel_execution_v3", extra={"collectors": len(jobs), "failed": len(failures)})
    return Collected(found, outcomes, failures, {collector.name: collector.source for collector in collectors})


def _collect(collector: Collector, site: Site, deadline: Deadline) -> Sequence[Observation]:
    with span(f"collector {collector.name}"):
        return collector.collect(site, deadline)


def _reason(name: str, outcome: Outcome[Sequence[Observation]]) -> str:
    if outcome.status == "timeout":
        return f"the {name} collector did not answer in time"
    if isinstance(outcome.error, CircuitOpenError):
        return str(outcome.error)
    return f"the {name} collector failed ({type(outcome.error).__name__})"
