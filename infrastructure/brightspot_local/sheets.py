"""Sheets of addresses: a CSV file in, the same rows with their scores out."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import TextIO

from brightspot import locations

ADDRESS = "address"
_PLACE = ("zip", "city", "state", "precision")
ADDED = (
    "overall_score", "confidence", *locations.CATEGORIES, *_PLACE, "data_points_collected", "cached", "analysis_id",
    "error",
)  # fmt: skip


class SheetRefused(Exception):
    """A file that is no sheet of addresses; the message says where, and what it should be."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file; `address` is the number of the column that holds it."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    address: int

    @property
    def addresses(self) -> list[str]:
        return [row[self.address] for row in self.rows]


def read(file: Path) -> Sheet:
    """A CSV file: UTF-8 with or without its mark, quoted fields, a header. Raises SheetRefused."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            return _sheet(file, text)
    except OSError as error:
        raise SheetRefused(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SheetRefused(f"{file}: byte {error.start} is no UTF-8; save the file as CSV in UTF-8") from error


def _sheet(file: Path, text: TextIO) -> Sheet:
    lines = csv.reader(text, strict=True)
    try:
        columns = [name.strip() for name in next(lines, [])]
        named = [at for at, name in enumerate(columns) if name.lower() == ADDRESS]
        if len(named) != 1:
            found = shorten(", ".join(columns), 200) or "nothing"
            raise SheetRefused(f"{file}: the first line must name one column `{ADDRESS}`; it has {found}")
        rows = []
        for row in lines:
            if row and len(row) != len(columns):
                raise SheetRefused(f"{file}, line {lines.line_num}: {len(row)} fields under {len(columns)} columns")
            if row:
                rows.append(row)
    except csv.Error as error:
        raise SheetRefused(f"{file}, line {lines.line_num}: {error}") from error
    if not rows:
        raise SheetRefused(f"{file}: no row under the header")
    return Sheet(columns, rows, named[0])


def write(sheet: Sheet, answers: Sequence[locations.BatchedAnalysis | locations.BatchError], out: TextIO) -> None:
    """Every row as it was with what was found for it; columns of an earlier output are replaced."""
    kept = [at for at, name in enumerate(sheet.columns) if name not in ADDED]
    lines = csv.writer(out)
    lines.writerow([*(sheet.columns[at] for at in kept), *ADDED])
    for row, answer in zip(sheet.rows, answers, strict=True):
        lines.writerow([*(row[at] for at in kept), *_found(answer)])


def _found(answer: locations.BatchedAnalysis | locations.BatchError) -> list[object]:
    """The added columns; empty where a value is not known."""
    if isinstance(answer, locations.BatchError):
        return [*[""] * (len(ADDED) - 1), f"{answer.error}: {answer.reason}"]
    place = answer.location
    return [
        answer.overall_score,
        answer.confidence,
        *(answer.categories[name].score for name in locations.CATEGORIES),
        *(getattr(place, name) for name in _PLACE),
        answer.data_points_collected,
        "true" if answer.cached else "false",
        answer.id,
        "",
    ]
