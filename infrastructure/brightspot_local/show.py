"""Text, tables and bars: in colour on a terminal, plain and aligned in a pipe."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; `style` is a colour or weight for terminals."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; columns named in `numbers` are set flush right."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[str] = field(default_factory=frozenset)
    style: str = ""


Section = Line | Table


def sections(parts: Sequence[Section], out: TextIO) -> None:
    """Write every section; rich is loaded for a terminal only."""
    if out.isatty():
        _coloured(parts, out)
    else:
        out.writelines(f"{line}\n" for part in parts for line in _plain(part))
    out.flush()


def _plain(part: Section) -> list[str]:
    if isinstance(part, Line):
        return [part.text]
    widths = [max(len(row[at]) for row in [part.columns, *part.rows]) for at in range(len(part.columns))]
    lines = ["", part.title]
    for row in [part.columns, *part.rows]:
        cells = [
            cell.rjust(width) if name in part.numbers else cell.ljust(width)
            for cell, width, name in zip(row, widths, part.columns, strict=True)
        ]
        lines.append(f"  {'  '.join(cells)}".rstrip())
    return lines


def _coloured(parts: Sequence[Section], out: TextIO) -> None:
    from rich import box  # noqa: PLC0415  # 60 ms that a pipe need not pay
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=out)
    for part in parts:
        if isinstance(part, Line):
            console.print(Text(part.text, style=part.style))
            continue
        table = RichTable(
            title=part.title, box=box.SIMPLE_HEAD, title_justify="left", title_style=f"bold {part.style}".strip()
        )
        for name in part.columns:
            table.add_column(name, justify="right" if name in part.numbers else "left", overflow="fold")
        for row in part.rows:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on a terminal, nothing in a pipe; it is told how many are done, of how many (None while nobody knows)."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415  # 60 ms that a pipe need not pay
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
