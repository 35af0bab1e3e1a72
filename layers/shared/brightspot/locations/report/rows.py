"""The report as rows of CSV: one for each data point, found or missing."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from brightspot.locations.analysis import Analysis, PointResult

COLUMNS: Final = (
    "category", "point", "value", "unit", "percentile", "direction", "contribution", "source", "vintage", "level",
    "kind", "reason", "bound", "label",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
Cell = str | float | None


def csv_of(analysis: Analysis) -> bytes:
    """UTF-8 text by RFC 4180: a header, lines that end in CR LF, quotes where a cell needs them.

    What is not known is an empty cell. A text that a spreadsheet would take for a formula is led by an apostrophe.
    """
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    lines.writerows([_safe(cell) for cell in row] for row in _rows(analysis))
    return out.getvalue().encode("utf-8", "replace")


def _rows(analysis: Analysis) -> Iterator[list[Cell]]:
    reasons = {(each.category, each.point): each.reason for each in analysis.missing}
    for category, result in analysis.categories.items():
        for name, point in result.points.items():
            yield _found(category, name, point, reasons.pop((category, name), None))
    for (category, name), reason in reasons.items():
        yield [category, name, *[None] * 9, reason, None, None]


def _found(category: str, name: str, point: PointResult, reason: str | None) -> list[Cell]:
    return [
        category, name, point.value, point.unit, point.percentile, point.direction, point.contribution, point.source,
        point.vintage, point.level, point.kind, reason, point.bound, point.label,
    ]  # fmt: skip


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
