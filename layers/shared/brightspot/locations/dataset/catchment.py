"""What lies within a radius of a site: ZIPs as discs of their land area, counted by the share that overlaps."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from brightspot.locations.dataset.file import Dataset
from brightspot.locations.dataset.geo import disc_share, haversine_miles

_COUNTS = ("population", "children_under_5", "households_with_children", "housing_units")
_WEIGHTED_BY = "households"
_INCOME = "median_household_income"
_TIER_REACH_MILES = (5.0, 20.0, 70.0)
_MILES_PER_DEGREE = 69.0
_LEAST_MILES_PER_DEGREE = 68.0
_KEPT = 16


@dataclass(frozen=True, slots=True)
class Catchment:
    """Sums over the disc, None where no ZIP in it publishes the value; `zips` is how many ZIPs it touches."""

    zips: int
    values: dict[str, float | None]


class Catchments:
    """Catchments by position and radius; the latest few are kept, since several collectors ask for one."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._kept: OrderedDict[tuple[float, float, float], Catchment] = OrderedDict()
        self._lock = threading.Lock()

    def around(self, lat: float, lon: float, radius_miles: float) -> Catchment:
        """The catchment of `radius_miles` round a position in degrees."""
        key = (lat, lon, radius_miles)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = _sum(self._shares(lat, lon, radius_miles))
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            return self._kept[key]

    def counts_round(
        self, name: str, positions: Sequence[tuple[float, float]], radius_miles: float
    ) -> list[float | None]:
        """One count round each of several positions that lie near each other: as `around` gives it, read once for all.

        `name` is a count without its "catchment_".
        """
        if not positions:
            return []
        sql = (
            f"SELECT z.lat / 1e5, z.lon / 1e5, z.reach / 100.0, v.{name} FROM zips z JOIN zip_values v "
            f"ON v.zip = z.zip WHERE v.{name} IS NOT NULL AND z.tier = ? "
            "AND z.lat BETWEEN ? AND ? AND z.lon BETWEEN ? AND ?"
        )
        zips: list[tuple[float, float, float, int]] = []
        for tier, reach_limit in enumerate(_TIER_REACH_MILES):
            boxes = [_box(lat, lon, radius_miles + reach_limit) for lat, lon in positions]
            souths, norths, wests, easts = zip(*boxes, strict=True)
            # nosemgrep: sql-from-text  # a column that our code names
            zips += self._dataset.rows(sql, (tier, min(souths), max(norths), min(wests), max(easts)))
        return [_count(zips, lat, lon, radius_miles) for lat, lon in positions]

    def _shares(self, lat: float, lon: float, radius_miles: float) -> list[tuple[float, tuple[int | None, ...]]]:
        """(share of the ZIP inside the disc, its stored values) of every ZIP that the disc touches."""
        columns = ", ".join(f"v.{name}" for name in (*_COUNTS, _WEIGHTED_BY, _INCOME))
        sql = (
            f"SELECT z.lat, z.lon, z.reach, {columns} FROM zips z JOIN zip_values v ON v.zip = z.zip "
            "WHERE z.tier = ? AND z.lat BETWEEN ? AND ? AND z.lon BETWEEN ? AND ?"
        )
        touched = []
        for tier, reach_limit in enumerate(_TIER_REACH_MILES):
            box = _box(lat, lon, radius_miles + reach_limit)
            # nosemgrep: sql-from-text  # columns of the constants above
            for z_lat, z_lon, z_reach, *values in self._dataset.rows(sql, (tier, *box)):
                reach = z_reach / 100
                distance = haversine_miles(lat, lon, z_lat / 1e5, z_lon / 1e5)
                if distance < radius_miles + reach:
                    touched.append((disc_share(distance, radius_miles, reach), tuple(values)))
        return touched


def _count(
    zips: Sequence[tuple[float, float, float, int]], lat: float, lon: float, radius_miles: float
) -> float | None:
    touched = []
    for z_lat, z_lon, reach, number in zips:
        if abs(z_lat - lat) * _LEAST_MILES_PER_DEGREE > radius_miles + reach:
            continue  # most are as far away as that, and this is told sooner than the distance
        distance = haversine_miles(lat, lon, z_lat, z_lon)
        if distance < radius_miles + reach:
            touched.append(disc_share(distance, radius_miles, reach) * number)
    return round(sum(touched), 1) if touched else None


def _box(lat: float, lon: float, miles: float) -> tuple[int, int, int, int]:
    """South, north, west, east in 1e-5 degrees. It does not wrap at 180°, where only the outer Aleutians lie."""
    d_lat = miles / _MILES_PER_DEGREE
    narrowest = cos(radians(min(abs(lat) + d_lat, 89.0)))
    d_lon = miles / (_MILES_PER_DEGREE * narrowest)
    return (
        round((lat - d_lat) * 1e5),
        round((lat + d_lat) * 1e5),
        round((lon - d_lon) * 1e5),
        round((lon + d_lon) * 1e5),
    )


def _sum(touched: list[tuple[float, tuple[int | None, ...]]]) -> Catchment:
    values: dict[str, float | None] = {}
    for index, name in enumerate(_COUNTS):
        known = [share * number for share, row in touched if (number := row[index]) is not None]
        values[f"catchment_{name}"] = round(sum(known), 1) if known else None
    incomes = [
        (share * households, income)
        for share, (*_, households, income) in touched
        if households is not None and income is not None
    ]
    weight = sum(part for part, _ in incomes)
    mean = sum(part * income for part, income in incomes) / weight if weight > 0 else None
    values["catchment_median_income"] = None if mean is None else round(mean)
    return Catchment(len(touched), values)
