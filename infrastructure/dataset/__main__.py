"""python -m dataset build | score | verify | docs."""

import argparse
import sys
from pathlib import Path

from dataset import digest, page
from dataset.build import CACHE, PLACES, build, rescore
from dataset.checks import CheckFailed
from dataset.packages import PackageMismatch


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 1 with a line on stderr when it fails."""
    parser = argparse.ArgumentParser(prog="dataset", description=__doc__)
    parser.add_argument("command", choices=("build", "score", "verify", "docs"))
    parser.add_argument("--file", type=Path, default=PLACES, help="the SQLite file (default: the committed one)")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where downloaded packages are kept")
    chosen = parser.parse_args(arguments)
    try:
        return {"build": _build, "score": _score, "verify": _verify, "docs": _docs}[chosen.command](chosen)
    except (PackageMismatch, CheckFailed) as error:
        print(f"dataset: {error}", file=sys.stderr)
        return 1


def _build(chosen: argparse.Namespace) -> int:
    return _record(chosen.file, build(chosen.file, chosen.cache))


def _score(chosen: argparse.Namespace) -> int:
    return _record(chosen.file, rescore(chosen.file))


def _record(file: Path, found: str) -> int:
    """The committed file's digest and page go with it."""
    if file == PLACES:
        digest.DIGEST_FILE.write_text(found + "\n", encoding="utf-8")
        page.write(file)
    print(found)
    return 0


def _verify(chosen: argparse.Namespace) -> int:
    found, recorded = digest.content_digest(chosen.file), digest.recorded_digest()
    print(found)
    if found != recorded:
        print(f"dataset: {chosen.file} has digest {found}, recorded is {recorded}", file=sys.stderr)
        return 1
    return 0


def _docs(chosen: argparse.Namespace) -> int:
    page.write(chosen.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
