"""What lifts a score and what drags it down, against the median US ZIP."""

from dataclasses import dataclass
from math import fsum

from brightspot.locations.analysis import Analysis, CategoryResult, PointResult
from brightspot.locations.dataset.points import BY_NAME

_MEDIAN = 50.0


@dataclass(frozen=True, slots=True)
class Driver:
    """One point and its `lift`: by how many score points it moves the overall score away from what the median gives."""

    name: str
    category: str
    point: PointResult
    lift: float


def drivers(analysis: Analysis) -> list[Driver]:
    """Every counted point, strongest lift first. The lifts add up to `overall_score` - 50."""
    found = [
        Driver(name, category, result.points[name], result.weight * share * (_goodness(result.points[name]) - _MEDIAN))
        for category, result in analysis.categories.items()
        for name, share in _shares(result).items()
    ]
    return sorted(found, key=lambda driver: -driver.lift)


def _shares(result: CategoryResult) -> dict[str, float]:
    """Each counted point's part of its category's weight."""
    weights = {
        name: BY_NAME[name].weight
        for name, point in result.points.items()
        if point.percentile is not None and point.direction != "context"
    }
    total = fsum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _goodness(point: PointResult) -> float:
    percentile = _MEDIAN if point.percentile is None else point.percentile
    return percentile if point.direction == "higher_is_better" else 100.0 - percentile
