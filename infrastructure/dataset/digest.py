"""The digest of a file's content: the same rows give the same digest, whatever wrote them.

sha256 over, for every table in order of name: its name and columns as one JSON line, then its rows in order of the
primary key, each as one JSON line. JSON is UTF-8 without spaces or escapes, blobs are hexadecimal, integers stay
integers; the file holds no floating-point column.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

DIGEST_FILE: Final = Path(__file__).parent / "digest.txt"


def open_readonly(file: Path) -> sqlite3.Connection:
    """The file as its readers open it; sqlite3.Error when it is missing or no database."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def content_digest(file: Path) -> str:
    """The digest in hexadecimal."""
    digest = hashlib.sha256()
    with closing(open_readonly(file)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        for (table,) in tables:
            columns = database.execute(f"PRAGMA table_info({table})").fetchall()
            keys = [name for _, name in sorted((column[5], column[1]) for column in columns if column[5])]
            digest.update(_line([table, *(column[1] for column in columns)]))
            for row in database.execute(f"SELECT * FROM {table} ORDER BY {', '.join(keys)}"):
                digest.update(_line([value.hex() if isinstance(value, bytes) else value for value in row]))
    return digest.hexdigest()


def stamp(file: Path, digest: str) -> None:
    """Put the digest's first 31 bits into SQLite's `user_version`, so that a reader can tell one content from another.

    That number stands in the file's header, not in a row: the digest does not change by it.
    """
    with closing(sqlite3.connect(file)) as database:
        database.execute(f"PRAGMA user_version = {stamp_of(digest)}")
        database.commit()


def stamp_of(digest: str) -> int:
    """The number that a file of this digest is stamped with."""
    return int(digest[:8], 16) >> 1


def recorded_digest() -> str:
    """The digest that the committed file must have."""
    return DIGEST_FILE.read_text(encoding="utf-8").strip()


def _line(values: list[object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
