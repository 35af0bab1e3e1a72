"""Turns evidence and scores into the Analysis that callers see."""

from collections.abc import Mapping

from brightspot.locations.analysis import (
    Alternative,
    CategoryResult,
    CollectorTiming,
    LiveTiming,
    Location,
    Missing,
    Performance,
    PointResult,
    SourceUsed,
)
from brightspot.locations.collectors.gather import Collected
from brightspot.locations.collectors.seam import Observation
from brightspot.locations.dataset.file import Source
from brightspot.locations.dataset.live_points import EVERY_POINT
from brightspot.locations.dataset.points import BY_NAME, CATEGORIES, Direction, Point
from brightspot.locations.place import Place
from brightspot.locations.scoring.score import Scorecard


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
    seen = [observations[name] for name in EVERY_POINT if name in observations]
    return {
        name: CategoryResult(
            score=scored.score,
            weight=scored.weight,
            status=scored.status,
            confidence=scored.confidence,
            points={
                each.point: _point(each, scorecard, sources)
                for each in seen
                if EVERY_POINT[each.point].category == name
            },
        )
        for name, scored in ((name, scorecard.categories[name]) for name in CATEGORIES)
    }


def _point(seen: Observation, scorecard: Scorecard, sources: Mapping[str, Source]) -> PointResult:
    return PointResult(
        value=seen.value,
        unit=seen.unit,
        percentile=None if seen.percentile is None else round(seen.percentile, 2),
        direction=_direction(seen),
        contribution=scorecard.contributions.get(seen.point, 0.0),
        source=sources[seen.source].name,
        vintage=seen.vintage,
        level=seen.level,  # type: ignore[arg-type]  # a test checks the dataset's levels and kinds
        kind=seen.kind,  # type: ignore[arg-type]
        bound=seen.bound,  # type: ignore[arg-type]
        label=seen.label,
        age_seconds=None if seen.age_seconds is None else round(seen.age_seconds, 3),
    )


def _direction(seen: Observation) -> Direction:
    """A live value that fills a gap of the embedded data has no distribution to be ranked by, so it is not counted."""
    point = EVERY_POINT[seen.point]
    return "context" if point.gap is not None and seen.percentile is None else point.direction


def missing(collected: Collected, scorecard: Scorecard) -> list[Missing]:
    """Every catalogue point without a value, with the reason, and the overall score if there is none.

    What only live sources tell is missing where one of them was asked.
    """
    absent = []
    for name, point in EVERY_POINT.items():
        seen = collected.observations.get(name)
        expected = name in BY_NAME or name in collected.asked
        if expected and (seen is None or seen.value is None):
            absent.append(Missing(point.category, name, _reason(point, seen, collected)))
    if scorecard.overall is None:
        absent.append(
            Missing("overall", "overall_score", "categories with enough data carry less than half of the weight")
        )
    return absent


def _reason(point: Point, seen: Observation | None, collected: Collected) -> str:
    if seen is not None and seen.reason is not None:
        return seen.reason
    if seen is None and (why := collected.asked.get(point.name)) is not None:
        return why
    if point.gap is not None and point.name not in collected.asked:
        return point.gap
    if seen is None:
        return collected.failures.get(point.collector, f"the {point.collector} collector did not report it")
    where = {"zip": "ZIP", "site": "neighbourhood", "metro": "labour market"}.get(seen.level, seen.level)
    return f"not published for this {where}"


def sources_used(observations: Mapping[str, Observation], sources: Mapping[str, Source]) -> list[SourceUsed]:
    """The sources behind at least one value, in the order of their ids."""
    used = sorted({seen.source for seen in observations.values() if seen.value is not None})
    return [SourceUsed(s.name, s.vintage, s.licence, s.credit) for s in (sources[each] for each in used)]


def performance(seconds: float, collected: Collected) -> Performance:
    """The time that all took, how each collector fared and had its values from, and which way each live source went."""
    collectors = {
        name: CollectorTiming(round(outcome.milliseconds, 3), outcome.status, collected.ways[name])
        for name, outcome in collected.outcomes.items()
    }
    live = {
        name: LiveTiming(round(each.milliseconds, 3), each.way, each.reason) for name, each in collected.live.items()
    }
    return Performance(round(seconds * 1000, 3), collectors, live or None)
