"""Catchments of all reference ZIPs: what lies within each radius of the grid, to rank a site's catchment against."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, radians
from typing import Final

from brightspot.locations.dataset.geo import disc_share, haversine_miles

RADII_MILES: Final = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 15.0, 25.0)
COUNTS: Final = ("population", "children_under_5", "households_with_children", "housing_units")
MEAN: Final = "catchment_median_income"
_CELL_DEGREES: Final = 0.25
_MILES_PER_DEGREE: Final = 68.7  # of latitude, the least on the globe: a box drawn with it is never too small


@dataclass(frozen=True, slots=True)
class Disc:
    """A ZIP as a disc: position in degrees, reach in miles, and what is known of its people."""

    lat: float
    lon: float
    reach: float
    counts: tuple[int | None, ...]
    households: int | None
    income: int | None


class Grid:
    """Discs by cell of latitude and longitude, found by position and distance to their rim."""

    def __init__(self, discs: Sequence[Disc]) -> None:
        self._tiers: list[tuple[float, dict[tuple[int, int], list[Disc]]]] = []
        lower = 0.0
        for upper in (5.0, 20.0, 100.0):
            cells: dict[tuple[int, int], list[Disc]] = defaultdict(list)
            for disc in discs:
                if lower < disc.reach <= upper:
                    cells[_cell(disc.lat), _cell(disc.lon)].append(disc)
            self._tiers.append((upper, cells))
            lower = upper

    def touching(self, lat: float, lon: float, radius: float) -> Iterator[tuple[float, Disc]]:
        """(distance, disc) of every disc that comes within `radius` miles of the position."""
        for reach, cells in self._tiers:
            for disc in _in_box(cells, lat, lon, radius + reach):
                distance = haversine_miles(lat, lon, disc.lat, disc.lon)
                if distance < radius + disc.reach:
                    yield distance, disc


def catchments(grid: Grid, lat: float, lon: float) -> dict[tuple[str, float], float]:
    """Densities of the counts per square mile and the mean income, by (field, radius); what is unknown is absent.

    A count is the sum of share x value over the discs whose value is known; the income is the mean of the ZIPs'
    medians weighted by share x households.
    """
    sums: dict[tuple[str, float], float] = {}
    near = list(grid.touching(lat, lon, RADII_MILES[-1]))
    for radius in RADII_MILES:
        within = [(disc_share(d, radius, disc.reach), disc) for d, disc in near if d < radius + disc.reach]
        for index, name in enumerate(COUNTS):
            known = [share * value for share, disc in within if (value := disc.counts[index]) is not None]
            if known:
                sums[f"catchment_{name}", radius] = sum(known) / (pi * radius * radius)
        mean = _mean_income(within)
        if mean is not None:
            sums[MEAN, radius] = mean
    return sums


def _mean_income(within: list[tuple[float, Disc]]) -> float | None:
    weighted = [
        (share * disc.households, disc.income)
        for share, disc in within
        if disc.households is not None and disc.income is not None
    ]
    weight = sum(part for part, _ in weighted)
    return sum(part * income for part, income in weighted) / weight if weight > 0 else None


def _in_box(cells: dict[tuple[int, int], list[Disc]], lat: float, lon: float, miles: float) -> Iterator[Disc]:
    tall = miles / _MILES_PER_DEGREE
    wide = tall / cos(radians(min(85.0, abs(lat) + tall)))
    for row in range(_cell(lat - tall), _cell(lat + tall) + 1):
        for column in range(_cell(lon - wide), _cell(lon + wide) + 1):
            yield from cells.get((row, column), ())


def _cell(degrees: float) -> int:
    return int(degrees // _CELL_DEGREES)
