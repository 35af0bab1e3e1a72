"""docs/dataset.md: the introduction kept in intro.md and the tables that the file itself holds."""

from contextlib import closing
from pathlib import Path
from typing import Final

from dataset.digest import content_digest, open_readonly

PAGE: Final = Path(__file__).resolve().parents[2] / "docs/dataset.md"
_INTRO: Final = Path(__file__).parent / "intro.md"
_SOURCES: Final = "SELECT id, name, publisher, vintage, licence, package, caveat FROM sources ORDER BY id"
_FIELDS: Final = (
    "SELECT f.name, f.unit, f.kind, f.source, f.vintage, s.licence, f.description, "
    "f.caveat FROM fields f JOIN sources s ON s.id = f.source WHERE f.level = ? ORDER BY f.rowid"
)
_LEVELS: Final = {
    "zip": "By ZIP",
    "county": "By county",
    "metro": "By labor-market area (metropolitan area, else state)",
    "state": "By state",
    "site": "By site (worked out at run time for a radius)",
}


def write(file: Path, to: Path = PAGE) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(text(file), encoding="utf-8")


def text(file: Path) -> str:
    """The whole page for a file."""
    with closing(open_readonly(file)) as database:
        meta = dict(database.execute("SELECT name, value FROM meta").fetchall())
        facts = {
            "version": meta["version"],
            "digest": content_digest(file),
            "size": f"{file.stat().st_size / 1e6:.1f} MB",
            "reference_zips": f"{int(meta['reference_zips']):,}",
            **{
                table: f"{database.execute(f'SELECT count(*) FROM {table}').fetchone()[0]:,}"
                for table in ("zips", "zip_values", "counties", "metros", "states", "zip_scores", "ranks", "fields")
            },
        }
        parts = [_INTRO.read_text(encoding="utf-8").format(**facts), "## Sources\n"]
        header = ("id", "name", "publisher", "vintage", "licence", "package", "caveat")
        parts.append(_table(header, database.execute(_SOURCES).fetchall()))
        parts.append("## Fields\n\nVintage and licence are those of the field's source.\n")
        for level, title in _LEVELS.items():
            columns = ("field", "unit", "kind", "source", "vintage", "licence", "what it is", "caveat")
            parts += [f"### {title}\n", _table(columns, database.execute(_FIELDS, (level,)).fetchall())]
    return "\n".join(parts)


def _table(header: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "".join(f"| {' | '.join(_cell(value) for value in line)} |\n" for line in lines)


def _cell(value: str | None) -> str:
    return (value or "").replace("|", "\\|")
