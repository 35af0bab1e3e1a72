"""The tables that people keep by hand: fields, sources, states, Connecticut's towns and Virginia's cities."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_TABLES: Final = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the file and where it comes from; bounds are bottom and top codes, unscaled."""

    name: str
    level: str
    unit: str
    decimals: int
    kind: str
    source: str
    lower_bound: int | None
    upper_bound: int | None
    description: str
    caveat: str | None


@dataclass(frozen=True, slots=True)
class State:
    """A USPS state code; `fips` is None for military mail."""

    code: str
    name: str
    kind: str
    fips: int | None


def rows(table: str) -> list[dict[str, str]]:
    """The rows of tables/<table>.csv."""
    with (_TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def fields() -> tuple[Field, ...]:
    """Every field, in the order of the file's columns."""
    return tuple(_field(row) for row in rows("fields"))


@cache
def fields_of(level: str) -> tuple[Field, ...]:
    """The fields of one level: zip, county, metro, state or site."""
    return tuple(field for field in fields() if field.level == level)


@cache
def states() -> dict[str, State]:
    """States, districts, territories and military mail by USPS code."""
    return {
        row["code"]: State(row["code"], row["name"], row["kind"], int(row["fips"]) if row["fips"] else None)
        for row in rows("states")
    }


def _field(row: dict[str, str]) -> Field:
    return Field(
        name=row["name"],
        level=row["level"],
        unit=row["unit"],
        decimals=int(row["decimals"]),
        kind=row["kind"],
        source=row["source"],
        lower_bound=int(row["lower_bound"]) if row["lower_bound"] else None,
        upper_bound=int(row["upper_bound"]) if row["upper_bound"] else None,
        description=row["description"],
        caveat=row["caveat"] or None,
    )
