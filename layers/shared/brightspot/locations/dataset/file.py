"""The embedded dataset: one read-only SQLite file of real US public data, read point by point."""

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from brightspot.core.errors import BrightspotError
from brightspot.locations.place import Place

_FILE = Path(__file__).parent.parent / "data" / "places.sqlite"
_TABLES = {"zip": ("zip_values", "zip"), "county": ("county_values", "fips"), "state": ("state_values", "code")}
_METRO = ("metro_values", "area")


class DatasetUnavailable(BrightspotError):
    """The embedded dataset is missing or cannot be read; the message says how to get it back."""


@dataclass(frozen=True, slots=True)
class Field:
    """Provenance of one field. `decimals` scales stored integers; bounds are top and bottom codes, unscaled."""

    name: str
    level: str
    unit: str
    decimals: int
    kind: str
    source: str
    vintage: str
    lower_bound: float | None
    upper_bound: float | None

    def bound(self, value: float) -> str | None:
        """`at_least` or `at_most` when the publisher capped this value, else None."""
        if self.upper_bound is not None and value >= self.upper_bound:
            return "at_least"
        if self.lower_bound is not None and value <= self.lower_bound:
            return "at_most"
        return None


@dataclass(frozen=True, slots=True)
class Source:
    """Where data come from and what their licence asks for."""

    name: str
    vintage: str
    licence: str
    credit: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one field at one place; `value` is None when nobody published it."""

    field: Field
    level: str
    kind: str
    value: float | None


class Dataset:
    """Opens the file once and answers queries from any thread, one at a time.

    The lock is needed: Python hands one cached statement to two threads that send the same SQL, and each then sees
    only some of the rows. Queries take microseconds, so that waiting for one another costs less than more connections.
    """

    def __init__(self, file: Path = _FILE) -> None:
        self._lock = threading.Lock()
        advice = f"{file.name} cannot be read; `make dataset` builds it anew"
        try:
            uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise DatasetUnavailable(f"{advice} ({error})") from error
        try:
            self.version = self._version()
        except (sqlite3.Error, IndexError) as error:
            self.close()
            raise DatasetUnavailable(f"{advice} ({error})") from error

    def _version(self) -> str:
        """The builder's version and the stamp of the content: other rows are another version."""
        version = self.rows("SELECT value FROM meta WHERE name = 'version'")[0][0]
        stamp = self.rows("PRAGMA user_version")[0][0]
        return f"{version}.{stamp:08x}"

    def close(self) -> None:
        """Give the file back; no query may follow."""
        self._connection.close()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All rows of a query, as tuples."""
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    @cached_property
    def fields(self) -> dict[str, Field]:
        sql = "SELECT name, level, unit, decimals, kind, source, vintage, lower_bound, upper_bound FROM fields"
        return {
            name: Field(
                name, level, unit, decimals, kind, source, vintage, _unscale(low, decimals), _unscale(high, decimals)
            )
            for name, level, unit, decimals, kind, source, vintage, low, high in self.rows(sql)
        }

    @cached_property
    def sources(self) -> dict[str, Source]:
        rows = self.rows("SELECT id, name, vintage, licence, credit FROM sources")
        return {row[0]: Source(*row[1:]) for row in rows}

    def read(self, names: tuple[str, ...], place: Place) -> list[Reading]:
        """A reading for each name, in order; unknown values are readings of None, never absent."""
        values: dict[str, tuple[str, float | None]] = {}
        for level, group in _by_level(tuple((name, self.fields[name].level) for name in names)).items():
            values |= self._read_level(level, group, place)
        return [self._reading(name, *values[name], place) for name in names]

    def _read_level(self, level: str, names: tuple[str, ...], place: Place) -> dict[str, tuple[str, float | None]]:
        table, key_column = _METRO if level == "metro" else _TABLES[level]
        key = {"zip": place.data_zip, "county": place.county_fips, "metro": place.area, "state": place.state}[level]
        sql = f"SELECT {', '.join(names)} FROM {table} WHERE {key_column} = ?"
        # nosemgrep: sql-from-text  # names are keys of `fields`, tables and key columns stand above
        found = [] if key is None else self.rows(sql, (key,))
        row = found[0] if found else None
        told = self._area_level(place.area) if level == "metro" else level
        return {
            name: (told, None if row is None else _unscale(row[index], self.fields[name].decimals))
            for index, name in enumerate(names)
        }

    def _reading(self, name: str, level: str, value: float | None, place: Place) -> Reading:
        field = self.fields[name]
        hosted = level == "zip" and place.zip is not None and place.data_zip != int(place.zip)
        kind = "estimated" if hosted and field.kind == "observed" else field.kind
        return Reading(field, level, kind, value)

    @lru_cache(maxsize=1024)  # noqa: B019  # one dataset lives as long as its process
    def _area_level(self, area: int | None) -> str:
        found = self.rows("SELECT level FROM metros WHERE area = ?", (area,))
        return str(found[0][0]) if found else "metro"


@lru_cache(maxsize=256)
def _by_level(named: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    levels: dict[str, list[str]] = {}
    for name, level in named:
        levels.setdefault(level, []).append(name)
    return {level: tuple(names) for level, names in levels.items()}


def _unscale(stored: int | None, decimals: int) -> float | None:
    if stored is None:
        return None
    return stored / 10**decimals if decimals else stored


_shared: Dataset | None = None
_opening = threading.Lock()


def shared_dataset() -> Dataset:
    """The one dataset of this process, opened on first use."""
    global _shared  # noqa: PLW0603  # a cached factory whose first two callers may be threads
    with _opening:
        if _shared is None:
            _shared = Dataset()
        return _shared
