"""Writes places.sqlite."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import astuple
from pathlib import Path
from typing import Final

from dataset.catalogue import fields, fields_of, rows, states
from dataset.content import Content
from dataset.ranks import Ranking
from dataset.values import Values, stored

VERSION: Final = "2026.11"
_SCHEMA: Final = Path(__file__).parent / "schema.sql"
_KEYS: Final = {
    "zip": ("zip_values", "zip INTEGER"),
    "county": ("county_values", "fips INTEGER"),
    "metro": ("metro_values", "area INTEGER"),
    "state": ("state_values", "code TEXT"),
}


def write(file: Path, content: Content, rankings: Iterable[tuple[str, int, Ranking]]) -> None:
    """Write the whole file anew; the old one is replaced only when the new one is complete."""
    draft = file.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as database:
        database.executescript(_SCHEMA.read_text(encoding="utf-8"))
        with database:
            _write_catalogue(database, content)
            _insert(database, "zips", [astuple(place) for place in content.places])
            _write_values(database, "zip", content.zips)
            _write_values(database, "county", content.counties)
            _write_values(database, "metro", content.metros)
            _write_values(database, "state", content.states)
            _insert(database, "ranks", [(name, radius, one.count, *one.blobs()) for name, radius, one in rankings])
        database.execute("VACUUM")
    draft.replace(file)


def _write_catalogue(database: sqlite3.Connection, content: Content) -> None:
    sources = rows("sources")
    vintages = {source["id"]: source["vintage"] for source in sources}
    reference = sum(1 for place in content.places if place.population)
    _insert(database, "meta", [("version", VERSION), ("builder", "1"), ("reference_zips", str(reference))])
    _insert(database, "sources", [tuple(value or None for value in source.values()) for source in sources])
    _insert(
        database,
        "fields",
        [
            (
                *(f.name, f.level, f.unit, f.decimals, f.kind, f.source, vintages[f.source], f.description, f.caveat),
                *(stored(bound, f.decimals) for bound in (f.lower_bound, f.upper_bound)),
            )
            for f in fields()
        ],
    )
    _insert(database, "states", [(state.code, state.name, state.kind) for state in states().values()])
    _insert(database, "counties", [(fips, *named) for fips, named in content.county_names.items()])
    _insert(database, "metros", [(area.code, area.name, area.level) for area in content.areas.values()])


def _write_values[Key](database: sqlite3.Connection, level: str, values: Mapping[Key, Values]) -> None:
    """One column per field of the level; a key of which nothing is known has no row."""
    table, key_column = _KEYS[level]
    columns = fields_of(level)
    names = ", ".join(f"{field.name} INTEGER" for field in columns)
    database.execute(f"CREATE TABLE {table} ({key_column} PRIMARY KEY, {names})")
    lines: list[tuple[object, ...]] = []
    for key, known in values.items():
        integers = [stored(known.get(field.name), field.decimals) for field in columns]
        if any(integer is not None for integer in integers):
            lines.append((key, *integers))
    _insert(database, table, lines)


def _insert(database: sqlite3.Connection, table: str, rows_: list[tuple[object, ...]]) -> None:
    if rows_:
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows_[0]))})", rows_)
