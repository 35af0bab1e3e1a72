"""The category scores of every ZIP in which somebody lives, worked out from the finished file by the scoring code.

They make a search over all ZIPs possible: weights are applied when it is asked. After a change of the points, their
weights or the way they are scored, `make scores` renews them in the committed file without any package.
"""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from brightspot.core.clock import SystemClock
from brightspot.locations.collectors.embedded import embedded_collectors
from brightspot.locations.collectors.seam import Site
from brightspot.locations.dataset.file import Dataset
from brightspot.locations.dataset.points import CATEGORIES
from brightspot.locations.gazetteer.locate import Gazetteer
from brightspot.locations.request import DEFAULT_RADIUS_MILES
from brightspot.locations.scoring.combine import CONFIDENCE_DIGITS, SCORE_DIGITS, Standing
from brightspot.locations.scoring.score import drafted
from brightspot.resilience import Deadline
from dataset.values import stored

_PROGRESS_EVERY: Final = 10_000
_SECONDS: Final = 3600.0

type _Row = tuple[int | str | None, ...]


def fill(file: Path) -> int:
    """Write the tables `zip_scores` and `standings` of a file anew; how many ZIPs have scores."""
    rows = []
    standings: dict[_Row, int] = {}
    for code, precision, categories in _worked_out(file):
        standing = standings.setdefault(_standing(precision, categories), len(standings) + 1)
        rows.append((code, standing, *(stored(each.score, SCORE_DIGITS) for each in categories)))
    with closing(sqlite3.connect(file)) as database:
        with database:
            _create(database)
            _insert(database, "zip_scores", rows)
            _insert(database, "standings", [(number, *standing) for standing, number in standings.items()])
            said = ("score_radius_miles", str(DEFAULT_RADIUS_MILES))
            database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", said)
        database.execute("VACUUM")
    return len(rows)


def _worked_out(file: Path) -> Iterator[tuple[int, str, list[Standing]]]:
    """(ZIP, precision of the place, its categories in order) as an analysis of the default radius has them."""
    with closing(Dataset(file)) as dataset:
        gazetteer, collectors = Gazetteer(dataset), embedded_collectors(dataset)
        codes = [code for (code,) in dataset.rows("SELECT zip FROM zips WHERE population > 0 ORDER BY zip")]
        deadline = Deadline.after(SystemClock(), _SECONDS)
        for number, code in enumerate(codes):
            if number % _PROGRESS_EVERY == 0:
                print(f"dataset: scores {number:,} of {len(codes):,}", file=sys.stderr)
            site = Site(gazetteer.locate(f"{code:05d}"), DEFAULT_RADIUS_MILES)
            seen = {each.point: each for one in collectors for each in one.collect(site, deadline)}
            yield code, site.place.precision, [draft.standing for draft in drafted(seen).values()]


def _standing(precision: str, categories: list[Standing]) -> _Row:
    """What is told of categories besides their scores: a few hundred cases for all ZIPs."""
    told = ((each.status, stored(each.confidence, CONFIDENCE_DIGITS)) for each in categories)
    return (precision, *(value for pair in told for value in pair))


def _create(database: sqlite3.Connection) -> None:
    """Columns follow the order of the categories."""
    scores = ", ".join(f"{name} INTEGER" for name in CATEGORIES)
    told = ", ".join(f"{name}_status TEXT NOT NULL, {name}_confidence INTEGER NOT NULL" for name in CATEGORIES)
    for table in ("zip_scores", "standings"):
        database.execute(f"DROP TABLE IF EXISTS {table}")
    database.execute(f"CREATE TABLE zip_scores (zip INTEGER PRIMARY KEY, standing INTEGER NOT NULL, {scores})")
    database.execute(f"CREATE TABLE standings (standing INTEGER PRIMARY KEY, precision TEXT NOT NULL, {told})")


def _insert(database: sqlite3.Connection, table: str, rows: Sequence[_Row]) -> None:
    if rows:
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
