"""Built folders as facts: one hash of what is in them, and the zip that Lambda would be sent."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EXECUTABLE = 0o100
_CHUNK_BYTES = 1 << 20
_UNIX = 3


def tree_hash(folder: Path) -> str:
    """SHA-256 over each file's place, content and whether it may be executed; times and owners do not count.

    Raises FileNotFoundError for a folder that is not there or holds no file.
    """
    total, empty = hashlib.sha256(), True
    for file in files(folder):
        empty = False
        with file.open("rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
        total.update(f"{file.relative_to(folder).as_posix()}\0{_mode(file):o}\0{content}\n".encode())
    if empty:
        raise FileNotFoundError(f"nothing is built in {folder.name}")
    return total.hexdigest()


def write_zip(folder: Path, target: Path) -> None:
    """The folder as a zip, compressed as `sam package` compresses, the same bytes for the same content."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for file in files(folder):
            entry = ZipInfo(file.relative_to(folder).as_posix())  # dated 1980-01-01
            entry.create_system = _UNIX
            entry.external_attr = _mode(file) << 16
            entry.compress_type = ZIP_DEFLATED
            with file.open("rb") as content, archive.open(entry, "w") as packed:
                while chunk := content.read(_CHUNK_BYTES):
                    packed.write(chunk)


def files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in an order that does not depend on the file system."""
    return iter(sorted((each for each in folder.rglob("*") if each.is_file()), key=lambda each: each.as_posix()))


def _mode(file: Path) -> int:
    return 0o100755 if file.stat().st_mode & _EXECUTABLE else 0o100644
