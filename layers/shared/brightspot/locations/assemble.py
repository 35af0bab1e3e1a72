"""Turns evidence and scores into the Analysis that callers see."""

from collections.abc import Mapping, Sequence

from brightspot.locations.analysis import (
    Alternative,
    CategoryResult,
    CollectorTiming,
    Location,
    Missing,
    PointResult,
    SourceUsed,
)
from brightspot.locations.collectors import Collected, Collector, Observation
from brightspot.locations.dataset import Source
from brightspot.locations.place import Place
from brightspot.locations.points import BY_NAME, CATEGORIES, POINTS
from brightspot.locations.scoring import Scorecard


def location(place: Place) -> Location:
    """The place as the answer shows it."""
    return Location(
        lat=place.lat,
        lon=place.lon,
        zip=place.zip,
        city=place.city,
        state=place.state,
        county=place.county,
        precision=place.precision,
        uncertainty_miles=place.uncertainty_miles,
        alternatives=[Alternative(a.zip, a.city, a.state, a.population, a.miles) for a in place.alternatives],
        notes=list(place.notes),
    )


def categories(
    scorecard: Scorecard, observations: Mapping[str, Observation], sources: Mapping[str, Source]
) -> dict[str, CategoryResult]:
    """Each category with its points in catalogue order; points that no collector delivered are in `missing` only."""
    seen = [observations[point.name] for point in POINTS if point.name in observations]
    return {
        name: CategoryResult(
            score=scored.score,
            weight=scored.weight,
            status=scored.status,
            confidence=scored.confidence,
            points={
                each.point: _point(each, scorecard, sources) for each in seen if BY_NAME[each.point].category == name
            },
        )
        for name, scored in ((name, scorecard.categories[name]) for name in CATEGORIES)
    }


def _point(seen: Observation, scorecard: Scorecard, sources: Mapping[str, Source]) -> PointResult:
    return PointResult(
        value=seen.value,
        unit=seen.unit,
        percentile=None if seen.percentile is None else round(seen.percentile, 2),
        direction=BY_NAME[seen.point].direction,
        contribution=scorecard.contributions.get(seen.point, 0.0),
        source=sources[seen.source].name,
        vintage=seen.vintage,
        level=seen.level,  # type: ignore[arg-type]  # a test checks the dataset's levels and kinds
        kind=seen.kind,  # type: ignore[arg-type]
        bound=seen.bound,  # type: ignore[arg-type]
    )


def missing(collected: Collected, scorecard: Scorecard) -> list[Missing]:
    """Every catalogue point without a value, with the reason, and the overall score if there is none."""
    absent = []
    for point in POINTS:
        seen = collected.observations.get(point.name)
        if seen is None or seen.value is None:
            absent.append(Missing(point.category, point.name, _reason(point.name, seen, collected)))
    if scorecard.overall is None:
        absent.append(
            Missing("overall", "overall_score", "categories with enough data carry less than half of the weight")
        )
    return absent


def _reason(name: str, seen: Observation | None, collected: Collected) -> str:
    point = BY_NAME[name]
    if point.gap is not None:
        return point.gap
    if seen is None:
        return collected.failures.get(point.collector, f"the {point.collector} collector did not report it")
    where = {"zip": "ZIP", "site": "neighbourhood", "metro": "labour market"}.get(seen.level, seen.level)
    return f"not published for this {where}"


def sources_used(observations: Mapping[str, Observation], sources: Mapping[str, Source]) -> list[SourceUsed]:
    """The sources behind at least one value, in the order of their ids."""
    used = sorted({seen.source for seen in observations.values() if seen.value is not None})
    return [SourceUsed(s.name, s.vintage, s.licence, s.credit) for s in (sources[each] for each in used)]


def timings(collectors: Sequence[Collector], collected: Collected) -> dict[str, CollectorTiming]:
    """How each collector fared, in milliseconds."""
    return {
        collector.name: CollectorTiming(
            round(collected.outcomes[collector.name].milliseconds, 3),
            collected.outcomes[collector.name].status,
            collector.source,
        )
        for collector in collectors
    }
