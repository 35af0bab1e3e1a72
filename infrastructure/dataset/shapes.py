"""From the us-atlas package to shapes.sqlite: the lines of states and counties that reports draw."""

import json
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from dataset import digest, npm, topojson
from dataset.build import CACHE, PLACES
from dataset.catalogue import states
from dataset.topojson import Point

SHAPES: Final = PLACES.with_name("shapes.sqlite")
DIGEST_FILE: Final = Path(__file__).parent / "shapes_digest.txt"
VINTAGE: Final = "2017"
_SCHEMA: Final = Path(__file__).parent / "shapes.sql"
_PACKAGE: Final = "us-atlas"
_MEMBER: Final = "counties-10m.json"
_STEPS_A_DEGREE: Final = 10_000  # 11 metres: finer than the atlas's own steps


@dataclass(frozen=True, slots=True)
class _County:
    fips: int
    short_name: str
    rings: list[list[int]]

    @property
    def state(self) -> int:
        return self.fips // 1000

    @property
    def lines(self) -> list[int]:
        return [number if number >= 0 else ~number for ring in self.rings for number in ring]


def build(file: Path = SHAPES, cache: Path = CACHE, places: Path = PLACES) -> str:
    """Fetch the atlas, write the file anew, and give the digest of what was written.

    Raises PackageMismatch for a wrong package; the old file stays then.
    """
    topology = json.loads(npm.content(cache, _PACKAGE, _MEMBER))
    draft = file.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as database:
        database.executescript(_SCHEMA.read_text(encoding="utf-8"))
        with database:
            _write(database, topology, _names(places))
        database.execute("VACUUM")
    draft.replace(file)
    print(f"dataset: {file.name} {file.stat().st_size:,} bytes", file=sys.stderr)
    return digest.content_digest(file)


def recorded_digest() -> str:
    """The digest that the committed file must have."""
    return DIGEST_FILE.read_text(encoding="utf-8").strip()


def steps_of(points: Sequence[Point]) -> list[int]:
    """A line as [x, y, dx, dy, ...] in 10^-4 degrees; each step is taken from the rounded point, so none adds up."""
    rounded = [(round(x * _STEPS_A_DEGREE), round(y * _STEPS_A_DEGREE)) for x, y in points]
    steps = list(rounded[0])
    for (x, y), (next_x, next_y) in pairwise(rounded):
        if (x, y) != (next_x, next_y):
            steps += [next_x - x, next_y - y]
    return steps


def _names(places: Path) -> dict[int, str]:
    with closing(digest.open_readonly(places)) as database:
        return dict(database.execute("SELECT fips, name FROM counties"))


def _write(database: sqlite3.Connection, topology: Mapping[str, Any], names: Mapping[int, str]) -> None:
    arcs = topojson.arcs(topology)
    counties = sorted(_counties(topology), key=lambda each: each.fips)
    by_state = defaultdict(list)
    for county in counties:
        by_state[county.state].append(county)
    meta = [("source", f"{_PACKAGE} {_MEMBER}"), ("vintage", VINTAGE)]
    database.executemany("INSERT INTO meta VALUES (?, ?)", meta)
    known = {state.fips: state for state in states().values()}
    for fips, of_state in by_state.items():
        sides = Counter(line for county in of_state for line in county.lines)
        lines = [(fips, line, int(sides[line] == 1), _json(steps_of(arcs[line]))) for line in sorted(sides)]
        bounds = _bounds([arcs[line] for line in sides])
        database.execute(
            "INSERT INTO states VALUES (?, ?, ?, ?, ?, ?, ?)", (fips, known[fips].code, known[fips].name, *bounds)
        )
        database.executemany("INSERT INTO lines VALUES (?, ?, ?, ?)", lines)
    database.executemany(
        "INSERT INTO counties VALUES (?, ?, ?, ?, ?)",
        [(each.fips, each.state, names.get(each.fips), each.short_name, _json(each.rings)) for each in counties],
    )


def _counties(topology: Mapping[str, Any]) -> Iterator[_County]:
    for geometry in topology["objects"]["counties"]["geometries"]:
        rings = [list(ring) for ring in topojson.rings(geometry)]
        yield _County(int(geometry["id"]), geometry["properties"]["name"], rings)


def _bounds(lines: Sequence[Sequence[Point]]) -> tuple[int, int, int, int]:
    """West, south, east, north."""
    xs = [round(x * _STEPS_A_DEGREE) for line in lines for x, _ in line]
    ys = [round(y * _STEPS_A_DEGREE) for line in lines for _, y in line]
    return min(xs), min(ys), max(xs), max(ys)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
