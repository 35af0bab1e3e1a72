"""A check of the demand index against the world: does child care employ more people where the index is high?

The index is the demographics score, which knows nothing of child-care employment: that comes from the OEWS survey of
employers, feeds other categories, and was used neither to choose nor to weigh the points of demographics.
"""

from dataclasses import dataclass
from math import atanh, fsum, sqrt, tanh
from statistics import NormalDist
from typing import Final

from brightspot.locations.dataset.file import Dataset
from brightspot.locations.scoring.combine import SCORE_DIGITS

_LEVEL: Final = 0.95
_FEWEST: Final = 4  # below it the interval's formula has no meaning
_AREAS: Final = f"""
SELECT TOTAL(scores.demographics * own.population) / SUM(own.population) / 1e{SCORE_DIGITS},
    SUM(own.population), SUM(own.children_under_5), area.childcare_workers,
    area.childcare_workers_per_1000_jobs, area.preschool_teachers
FROM zips
JOIN zip_scores AS scores USING (zip) JOIN zip_values AS own USING (zip)
JOIN metro_values AS area ON area.area = zips.area JOIN metros ON metros.area = zips.area
WHERE scores.demographics IS NOT NULL AND metros.level = 'metro' GROUP BY zips.area ORDER BY zips.area
"""


@dataclass(frozen=True, slots=True)
class Area:
    """One metropolitan area: its ZIPs added up, the index as their mean by residents, and what OEWS counted there."""

    index: float
    residents: int
    children: int | None
    workers: int | None
    workers_per_1000_jobs: int | None
    teachers: int | None

    def per_child(self) -> float | None:
        """Child-care workers and preschool teachers per child under 5; None where one of the three is unknown."""
        if self.workers is None or self.teachers is None or not self.children:
            return None
        return (self.workers + self.teachers) / self.children


@dataclass(frozen=True, slots=True)
class Correlation:
    """A rank correlation over `count` areas, and the interval that holds the true one in 95 of 100 samples."""

    count: int
    rho: float
    lower: float
    upper: float


def areas(dataset: Dataset) -> list[Area]:
    """The metropolitan areas; elsewhere the dataset has figures of whole states, no counterpart of the ZIPs there."""
    return [Area(*row) for row in dataset.rows(_AREAS)]


def spearman(pairs: list[tuple[float, float]]) -> Correlation:
    """Spearman's rank correlation, ties at their mid-rank.

    The interval is Bonett & Wright's (2000, "Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations", Psychometrika 65, 23-28): tanh(atanh(rho) +- z * sqrt((1 + rho^2 / 2) / (n - 3))). Raises ValueError
    for fewer than four pairs, and where one side is the same throughout.
    """
    return _with_interval(_rho([one for one, _ in pairs], [other for _, other in pairs]), len(pairs), held=0)


def spearman_at_equal(triples: list[tuple[float, float, float]]) -> Correlation:
    """Spearman's correlation of the first two with the third held equal: the partial rank correlation.

    (r12 - r13 r23) / sqrt((1 - r13^2) (1 - r23^2)) (Kendall & Stuart, "The Advanced Theory of Statistics", vol. 2, ch.
    27), with the interval of `spearman` for one degree of freedom less. Raises ValueError as that does, for fewer than
    five triples, and where the third alone decides the order of one of the others.
    """
    first, second, third = ([triple[side] for triple in triples] for side in range(3))
    r12, r13, r23 = _rho(first, second), _rho(first, third), _rho(second, third)
    left = (1 - r13 * r13) * (1 - r23 * r23)
    if left <= 0:
        raise ValueError("one side goes wholly by the third, so nothing is left to compare")
    return _with_interval(max(-1.0, min(1.0, (r12 - r13 * r23) / sqrt(left))), len(triples), held=1)


def _rho(one: list[float], other: list[float]) -> float:
    if len(one) < _FEWEST:
        raise ValueError(f"a rank correlation needs at least {_FEWEST} pairs, these are {len(one)}")
    ours, theirs = _centred_ranks(one), _centred_ranks(other)
    spread = sqrt(fsum(each * each for each in ours) * fsum(each * each for each in theirs))
    if spread == 0:
        raise ValueError("one side is the same throughout, so nothing can be ranked")
    return max(-1.0, min(1.0, fsum(a * b for a, b in zip(ours, theirs, strict=True)) / spread))


def _with_interval(rho: float, count: int, *, held: int) -> Correlation:
    freedom = count - 3 - held
    if freedom < 1:
        raise ValueError(f"{count} are too few for an interval")
    if abs(rho) == 1:
        return Correlation(count, rho, rho, rho)
    half = NormalDist().inv_cdf((1 + _LEVEL) / 2) * sqrt((1 + rho * rho / 2) / freedom)
    return Correlation(count, rho, tanh(atanh(rho) - half), tanh(atanh(rho) + half))


def _centred_ranks(values: list[float]) -> list[float]:
    """The mid-rank of each value less the mean of all ranks."""
    places: dict[float, list[int]] = {}
    for place, value in enumerate(sorted(values)):
        places.setdefault(value, []).append(place)
    middle = (len(values) - 1) / 2
    return [(places[value][0] + places[value][-1]) / 2 - middle for value in values]


def comparisons(found: list[Area]) -> dict[str, Correlation]:
    """What the index is held against, by what it is called in docs/method.md, each over the areas that know both."""
    asked: dict[str, list[tuple[float | None, float | None]]] = {
        "the index and child-care workers": [(each.index, each.workers) for each in found],
        "the index and child-care workers per 1,000 jobs": [(each.index, each.workers_per_1000_jobs) for each in found],
        "the index and workers and preschool teachers per child under 5": [
            (each.index, each.per_child()) for each in found
        ],
        "children under 5 (estimated) and child-care workers": [(each.children, each.workers) for each in found],
        "residents and child-care workers": [(each.residents, each.workers) for each in found],
    }
    sized = [(each.index, float(each.workers), float(each.residents)) for each in found if each.workers is not None]
    told = {
        name: spearman([(a, b) for a, b in pairs if a is not None and b is not None]) for name, pairs in asked.items()
    }
    return {**told, "the index and child-care workers, at equal residents": spearman_at_equal(sized)}


def table(dataset: Dataset) -> str:
    """The rows of docs/method.md."""
    found = comparisons(areas(dataset))
    lines = [
        "| rank correlation over metropolitan areas of | rho | 95 % interval | areas |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *(f"| {name} | {_said(each)} |" for name, each in found.items())])


def _said(found: Correlation) -> str:
    return f"{found.rho:+.2f} | {found.lower:+.2f} to {found.upper:+.2f} | {found.count}"
