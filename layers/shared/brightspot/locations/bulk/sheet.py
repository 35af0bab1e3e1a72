"""The addresses of a CSV file: those of its column `address`, or of its first column where it has no header."""

import csv
import io
from typing import Final

from brightspot.jobs import JobFailed
from brightspot.locations.bulk.request import MOST_ROWS

ADDRESS: Final = "address"
_ERROR: Final = "File unreadable"


def addresses_in(body: bytes) -> list[str]:
    """In the order of the file; rows without any text are left out.

    UTF-8 with or without its mark, fields quoted as RFC 4180 has it. Where the first row names a column `address` (in
    any case), that column counts, and each row must have as many fields as the first; else there is no header. Raises
    JobFailed, which names the row (counted from 1, as lines of the file) at fault.
    """
    rows = csv.reader(io.StringIO(_text(body), newline=""), strict=True)
    found: list[str] = []
    column, width = 0, None
    try:
        for number, row in enumerate(rows):
            if number == 0 and (named := _named(row)) is not None:
                column, width = named, len(row)
            elif any(cell.strip() for cell in row):
                if width is not None and len(row) != width:
                    raise JobFailed(_ERROR, f"row {rows.line_num}: {len(row)} fields under {width} columns")
                found.append(row[column])
    except csv.Error as error:
        raise JobFailed(_ERROR, f"row {rows.line_num}: {error}") from error
    if not 1 <= len(found) <= MOST_ROWS:
        count = f"{len(found):,}" if found else "no"
        raise JobFailed(_ERROR, f"the file has {count} addresses; send 1 to {MOST_ROWS:,}")
    return found


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = body.count(b"\n", 0, error.start) + 1
        raise JobFailed(_ERROR, f"row {row}: a byte that is no UTF-8; save the file as CSV in UTF-8") from error


def _named(row: list[str]) -> int | None:
    """Which column a header names `address`; None when it is no header. Raises JobFailed for two of them."""
    named = [at for at, cell in enumerate(row) if cell.strip().lower() == ADDRESS]
    if len(named) > 1:
        raise JobFailed(_ERROR, f"row 1: {len(named)} columns are named `{ADDRESS}`; name one so")
    return named[0] if named else None
