"""The eight collectors over the embedded dataset."""

from collections.abc import Mapping, Sequence

from brightspot.locations.collectors.seam import Collector, Observation, Site
from brightspot.locations.dataset.catchment import Catchments
from brightspot.locations.dataset.file import Dataset, Reading
from brightspot.locations.dataset.points import collected_by
from brightspot.locations.dataset.ranks import Ranks
from brightspot.resilience import Deadline

_CATCHMENT = "catchment_"
_MEANS = frozenset({"catchment_median_income"})


class EmbeddedCollector:
    """Reads its catalogue points from the dataset; a subclass says which collector it is and what it tells."""

    name: str
    source = "embedded"

    def __init__(self, dataset: Dataset, catchments: Catchments, ranks: Ranks) -> None:
        names = collected_by(self.name)
        self._near = tuple(name for name in names if name.startswith(_CATCHMENT))
        self._here = tuple(name for name in names if not name.startswith(_CATCHMENT))
        self._dataset = dataset
        self._catchments = catchments
        self._ranks = ranks

    def collect(self, site: Site, deadline: Deadline) -> Sequence[Observation]:  # noqa: ARG002  # a local file needs none
        return [*self._of_the_radius(site), *map(self._of_the_place, self._dataset.read(self._here, site.place))]

    def _of_the_place(self, reading: Reading) -> Observation:
        field, value = reading.field, reading.value
        percentile = None if value is None else self._ranks.percentile(field.name, value)
        return _observe(reading, percentile)

    def _of_the_radius(self, site: Site) -> list[Observation]:
        if not self._near:
            return []
        place = site.place
        (residents,) = self._dataset.read(("population",), place)
        # Where the census does not count the place itself, neighbours across the water would be a part taken for all.
        found: Mapping[str, float | None] = (
            {} if residents.value is None else self._catchments.around(place.lat, place.lon, site.radius_miles).values
        )
        return [self._of_catchment(name, found.get(name), site.radius_miles) for name in self._near]

    def _of_catchment(self, name: str, value: float | None, radius_miles: float) -> Observation:
        field = self._dataset.fields[name]
        percentile = None
        if value is not None:
            percentile = self._ranks.catchment_percentile(name, value, radius_miles, per_area=name not in _MEANS)
        return _observe(Reading(field, field.level, field.kind, value), percentile)


def _observe(reading: Reading, percentile: float | None) -> Observation:
    field, value = reading.field, reading.value
    bound = None if value is None else field.bound(value)
    return Observation(
        field.name, value, percentile, field.unit, field.source, field.vintage, reading.level, reading.kind, bound
    )


class DemographicsCollector(EmbeddedCollector):
    """Children, births, households and migration: whether there are families to serve."""

    name = "demographics"


class EconomyCollector(EmbeddedCollector):
    """Income, jobs and growth: whether families can pay, and will."""

    name = "economy"


class WorkforceCollector(EmbeddedCollector):
    """Parents who work, and child-care staff with their wages: who needs care, and what giving it costs."""

    name = "workforce"


class EnvironmentCollector(EmbeddedCollector):
    """Water, lead, radon and air: what small children would drink and breathe."""

    name = "environment"


class SafetyCollector(EmbeddedCollector):
    """Crime of the state and vacant housing: weak stand-ins for the safety of a street."""

    name = "safety"


class AccessibilityCollector(EmbeddedCollector):
    """Commutes, cars, density and jobs nearby: how easily parents pass by."""

    name = "accessibility"


class CompetitionCollector(EmbeddedCollector):
    """Children per child-care worker of the labour market: how scarce care is, without a list of providers."""

    name = "competition"


class RegulatoryCollector(EmbeddedCollector):
    """Compliance of the local water systems: the part of regulation that nationwide data can show."""

    name = "regulatory"


_ALL: tuple[type[EmbeddedCollector], ...] = (
    DemographicsCollector,
    EconomyCollector,
    WorkforceCollector,
    EnvironmentCollector,
    SafetyCollector,
    AccessibilityCollector,
    CompetitionCollector,
    RegulatoryCollector,
)


def embedded_collectors(dataset: Dataset) -> tuple[Collector, ...]:
    """All eight, sharing one memory of catchments and ranks."""
    catchments, ranks = Catchments(dataset), Ranks(dataset)
    return tuple(collector(dataset, catchments, ranks) for collector in _ALL)
