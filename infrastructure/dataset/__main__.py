"""python -m dataset build | score | shapes | verify | docs."""

import argparse
import sys
from pathlib import Path

from dataset import digest, page, shapes
from dataset.build import CACHE, PLACES, build, rescore
from dataset.checks import CheckFailed
from dataset.packages import PackageMismatch


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 1 with a line on stderr when it fails."""
    parser = argparse.ArgumentParser(prog="dataset", description=__doc__)
    parser.add_argument("command", choices=("build", "score", "shapes", "verify", "docs"))
    parser.add_argument(
        "--file", type=Path, default=PLACES, help="the SQLite file of places (default: the committed one)"
    )
    parser.add_argument("--cache", type=Path, default=CACHE, help="where downloaded packages are kept")
    chosen = parser.parse_args(arguments)
    try:
        commands = {"build": _build, "score": _score, "shapes": _shapes, "verify": _verify, "docs": _docs}
        return commands[chosen.command](chosen)
    except (PackageMismatch, CheckFailed) as error:
        print(f"dataset: {error}", file=sys.stderr)
        return 1


def _build(chosen: argparse.Namespace) -> int:
    return _record(chosen.file, build(chosen.file, chosen.cache))


def _score(chosen: argparse.Namespace) -> int:
    return _record(chosen.file, rescore(chosen.file))


def _shapes(chosen: argparse.Namespace) -> int:
    found = shapes.build(cache=chosen.cache)
    shapes.DIGEST_FILE.write_text(found + "\n", encoding="utf-8")
    print(found)
    return 0


def _record(file: Path, found: str) -> int:
    """The committed file's digest and page go with it."""
    if file == PLACES:
        digest.DIGEST_FILE.write_text(found + "\n", encoding="utf-8")
        page.write(file)
    print(found)
    return 0


def _verify(chosen: argparse.Namespace) -> int:
    places = _is_recorded(chosen.file, digest.recorded_digest())
    return 0 if _is_recorded(shapes.SHAPES, shapes.recorded_digest()) and places else 1


def _is_recorded(file: Path, recorded: str) -> bool:
    found = digest.content_digest(file)
    print(found)
    if found != recorded:
        print(f"dataset: {file} has digest {found}, recorded is {recorded}", file=sys.stderr)
    return found == recorded


def _docs(chosen: argparse.Namespace) -> int:
    page.write(chosen.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
