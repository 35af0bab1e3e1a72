"""The protocol that every collector keeps, and what goes in and comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from brightspot.locations.place import Place
from brightspot.resilience import Deadline


@dataclass(frozen=True, slots=True)
class Site:
    """A place and the radius, in miles, that counts as its neighbourhood."""

    place: Place
    radius_miles: float


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of one point with its provenance; `value` is None when the source does not know it.

    `percentile` is the rank among all US ZIPs, 0 to 100, None when the value is unknown or has no distribution.
    `source` is the id of a source of the dataset, or of a live one; `bound` says that the publisher capped the value.
    `label` is the value's name where it is a code. `age_seconds` is told of a copy that stands in for a live source
    that failed. `reason` says why `value` is None, where the source knows.
    """

    point: str
    value: float | None
    percentile: float | None
    unit: str
    source: str
    vintage: str
    level: str
    kind: str
    bound: str | None = None
    label: str | None = None
    age_seconds: float | None = None
    reason: str | None = None


class Collector(Protocol):
    """Finds some points for a site. May raise anything: the caller isolates it."""

    @property
    def name(self) -> str: ...

    @property
    def source(self) -> str: ...

    def collect(self, site: Site, deadline: Deadline) -> Sequence[Observation]: ...
