"""The lines of states and counties in 2017: a read-only SQLite file beside the dataset, read state by state."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec

from brightspot.locations.dataset.file import DatasetUnavailable

VINTAGE: Final = "2017"
CREDIT: Final = (
    "State and county lines: US Census Bureau, cartographic boundary files of 2017 (public domain), by way of us-atlas "
    "3.0.1, copyright 2013-2019 Michael Bostock, ISC licence."
)
_FILE: Final = Path(__file__).parent.parent / "data" / "shapes.sqlite"
_STEPS_A_DEGREE: Final = 10_000

Point = tuple[float, float]  # longitude, latitude: degrees


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of a county's edge, drawn once; on a border only one side of it lies in this state."""

    is_border: bool
    points: tuple[Point, ...]

    def lies(self, south: float, north: float) -> bool:
        """Whether some of it lies between two latitudes."""
        return min(lat for _, lat in self.points) <= north and max(lat for _, lat in self.points) >= south


@dataclass(frozen=True, slots=True)
class County:
    """One county of 2017. `name` is the dataset's, None where it knows none like that; rings are closed."""

    fips: int
    name: str | None
    short_name: str
    rings: tuple[tuple[Point, ...], ...]

    @property
    def largest(self) -> tuple[Point, ...]:
        """The ring with the most points."""
        return max(self.rings, key=len)

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the point lies inside: a ray to the east crosses its edges an odd number of times."""
        return sum(_crosses(a, b, lon, lat) for ring in self.rings for a, b in pairwise(ring)) % 2 == 1


@dataclass(frozen=True, slots=True)
class StateShape:
    """One state: its lines, each once, and its counties."""

    code: str
    name: str
    lines: tuple[Line, ...]
    counties: tuple[County, ...]


def state_shape(code: str) -> StateShape | None:
    """The shape of a state by its postal code; None of one that the atlas does not have.

    Raises DatasetUnavailable when the file cannot be read.
    """
    return _state(code)


def states_within(west: float, south: float, east: float, north: float) -> list[StateShape]:
    """The states whose bounding boxes touch that of the given degrees, with those of their lines that lie so far north.

    Lines are not sorted out by longitude, which jumps at the 180th meridian.
    """
    bounds = [round(each * _STEPS_A_DEGREE) for each in (west, east, south, north)]
    sql = "SELECT code FROM states WHERE east >= ? AND west <= ? AND north >= ? AND south <= ? ORDER BY code"
    found = [shape for (code,) in _rows(sql, bounds) if (shape := _state(code)) is not None]
    return [replace(shape, lines=tuple(each for each in shape.lines if each.lies(south, north))) for shape in found]


@lru_cache(maxsize=16)
def _state(code: str) -> StateShape | None:
    found = _rows("SELECT fips, name FROM states WHERE code = ?", (code,))
    if not found:
        return None
    fips, name = found[0]
    stored = _rows("SELECT line, is_border, steps FROM lines WHERE state = ?", (fips,))
    lines = {number: Line(bool(is_border), _points(steps)) for number, is_border, steps in stored}
    counties = _rows("SELECT fips, name, short_name, rings FROM counties WHERE state = ? ORDER BY fips", (fips,))
    return StateShape(
        code,
        name,
        tuple(lines.values()),
        tuple(County(each, long, short, _rings(rings, lines)) for each, long, short, rings in counties),
    )


def _points(steps: str) -> tuple[Point, ...]:
    """The points of stored steps."""
    numbers = msgspec.json.decode(steps, type=list[int])
    points, x, y = [], 0, 0
    for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + step_x, y + step_y
        points.append((x / _STEPS_A_DEGREE, y / _STEPS_A_DEGREE))
    return tuple(points)


def _rings(rings: str, lines: dict[int, Line]) -> tuple[tuple[Point, ...], ...]:
    return tuple(_stitched(ring, lines) for ring in msgspec.json.decode(rings, type=list[list[int]]))


def _stitched(ring: Sequence[int], lines: dict[int, Line]) -> tuple[Point, ...]:
    points: list[Point] = []
    for number in ring:
        line = lines[number].points if number >= 0 else lines[~number].points[::-1]
        points.extend(line[1:] if points else line)
    return tuple(points)


def _crosses(a: Point, b: Point, lon: float, lat: float) -> bool:
    if (a[1] > lat) == (b[1] > lat):
        return False
    return lon < a[0] + (lat - a[1]) * (b[0] - a[0]) / (b[1] - a[1])


def _rows(sql: str, parameters: Sequence[object]) -> list[Any]:
    try:
        with closing(sqlite3.connect(f"{_FILE.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            return database.execute(sql, parameters).fetchall()
    except sqlite3.Error as error:
        raise DatasetUnavailable(f"{_FILE.name} cannot be read; `make shapes` builds it anew ({error})") from error
