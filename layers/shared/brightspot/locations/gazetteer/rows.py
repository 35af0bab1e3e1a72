"""The gazetteer's questions to the embedded dataset, each by an index unless it serves a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from brightspot.locations.dataset.geo import haversine_miles

_COLUMNS: Final = (
    "zip, state, city, city_key, kind, lat, lon, population, reach, county_fips, area, host_zip, host_miles"
)
_IN_CITY: Final = f"SELECT {_COLUMNS} FROM zips WHERE city_key = ? AND state = ?"
_COVER_DEGREES: Final = 3.0  # of latitude, about 200 miles


@dataclass(frozen=True, slots=True)
class ZipRow:
    """One ZIP of the dataset: degrees, miles and people, None where unknown."""

    zip: int
    state: str | None
    city: str
    city_key: str
    kind: str
    lat: float | None
    lon: float | None
    population: int | None
    reach_miles: float | None
    county_fips: int | None
    area: int | None
    host_zip: int | None
    host_miles: float | None

    @property
    def code(self) -> str:
        return f"{self.zip:05d}"


class Queries(Protocol):
    """What the gazetteer needs of the dataset: all rows of a query, asked from any thread."""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]: ...


class ZipTable:
    """The dataset's ZIPs."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    def by_zip(self, number: int) -> ZipRow | None:
        found = self._queries.rows(f"SELECT {_COLUMNS} FROM zips WHERE zip = ?", (number,))
        return _unscaled(found[0]) if found else None

    def by_city(self, city_key: str, state: str) -> list[ZipRow]:
        """Return the city's populated ZIPs in order, or its unpopulated ones when there are no others."""
        rows = self._queries.rows(f"{_IN_CITY} AND population > 0 ORDER BY zip", (city_key, state))
        rows = rows or self._queries.rows(f"{_IN_CITY} ORDER BY zip", (city_key, state))
        return [_unscaled(row) for row in rows]

    def has_city(self, city_key: str, state: str) -> bool:
        sql = "SELECT 1 FROM zips WHERE city_key = ? AND state = ? LIMIT 1"
        return bool(self._queries.rows(sql, (city_key, state)))

    def states_with_city(self, city_key: str) -> list[tuple[str, str, int]]:
        """Return (state, city, population) of every state that has this city, the most people first."""
        sql = (
            "SELECT state, min(city), total(population) AS people FROM zips WHERE city_key = ? AND state IS NOT NULL "
            "GROUP BY state ORDER BY people DESC, state"
        )
        return [(state, city, int(people)) for state, city, people in self._queries.rows(sql, (city_key,))]

    def cities_of(self, state: str) -> dict[str, str]:
        """Return city by city key of one state; this reads the whole table."""
        sql = "SELECT city_key, min(city) FROM zips WHERE state = ? GROUP BY city_key"
        return dict(self._queries.rows(sql, (state,)))

    def has_values(self, number: int) -> bool:
        return bool(self._queries.rows("SELECT 1 FROM zip_values WHERE zip = ?", (number,)))

    def county_name(self, fips: int | None) -> str | None:
        found = self._queries.rows("SELECT name FROM counties WHERE fips = ?", (fips,))
        return str(found[0][0]) if found else None

    def miles_to_cover(self, row: ZipRow) -> float | None:
        """Return the least distance plus reach of a ZIP with an area in the same state, None when none is near.

        Only a ZIP with neither area nor host needs it: Guam's PO boxes, a remote post office.
        """
        if row.lat is None or row.lon is None:
            return None
        sql = "SELECT lat, lon, reach FROM zips WHERE tier IN (0, 1, 2) AND lat BETWEEN ? AND ? AND state = ?"
        south, north = (round((row.lat + step) * 100_000) for step in (-_COVER_DEGREES, _COVER_DEGREES))
        near = [
            haversine_miles(row.lat, row.lon, lat / 100_000, lon / 100_000) + reach / 100
            for lat, lon, reach in self._queries.rows(sql, (south, north, row.state))
        ]
        return min(near, default=None)

    def count(self) -> int:
        return int(self._queries.rows("SELECT count(*) FROM zips")[0][0])


def _unscaled(row: tuple[Any, ...]) -> ZipRow:
    number, state, city, key, kind, lat, lon, population, reach, county_fips, area, host_zip, host_miles = row
    return ZipRow(
        number, state, city or "", key or "", kind, _over(lat, 100_000), _over(lon, 100_000),
        population, _over(reach, 100), county_fips, area, host_zip, _over(host_miles, 100),
    )  # fmt: skip


def _over(stored: int | None, scale: int) -> float | None:
    return stored / scale if stored is not None else None
