"""What works in this process alone: the dataset, and an analysis with the live sources that are switched on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from brightspot import locations
from brightspot_local.validation.verdict import NotWell, Off, Verdict, judged
from dataset.digest import content_digest, recorded_digest

ADDRESS: Final = "201 4th Street SE, Rochester, MN 55904"  # of its City Hall: a geocoder can be asked for it
_DATASET: Final = Path(locations.__file__).with_name("data") / "places.sqlite"
_WENT_WRONG: Final = {"embedded", "stale_copy"}


def verdicts() -> list[Verdict]:
    """Dataset, analysis, and each live source, or one line for all when none is on."""
    made: list[locations.Analysis] = []
    data, analysis = judged("dataset", _dataset), judged("analysis", lambda: _analysis(made))
    return [data, analysis, *_live(made)]


def _dataset() -> str:
    found = locations.shared_dataset()
    zips = found.rows("SELECT count(*) FROM zips")[0][0]
    digest, recorded = content_digest(_DATASET), recorded_digest()
    if digest != recorded:
        raise NotWell(f"its digest is {digest[:12]}, not {recorded[:12]}; run make dataset, or restore {_DATASET.name}")
    return f"version {found.version}, {zips:,} ZIPs, digest {digest[:12]} as recorded"


def _analysis(made: list[locations.Analysis]) -> str:
    with _for_now():
        found = locations.service().analyze(locations.AnalyzeRequest(ADDRESS))
    made.append(found)
    faults = [name for name, each in found.performance.collectors.items() if each.status != "ok"]
    if faults or found.overall_score is None:
        raise NotWell(f"{ADDRESS}: {', '.join(faults) or 'no collector'} failed, score {found.overall_score}")
    return (
        f"{ADDRESS} scores {found.overall_score:.1f} of 100 by {found.data_points_collected} data points, "
        f"{found.performance.total_ms:.0f} ms"
    )


def _live(made: list[locations.Analysis]) -> list[Verdict]:
    asked = made[0].performance.live if made else None
    if not asked:
        return [judged("live sources", _no_live)]
    return [judged(f"live source {name}", lambda each=each: _way(each)) for name, each in asked.items()]  # type: ignore[misc]  # mypy cannot infer a lambda's default


def _no_live() -> str:
    raise Off("none is switched on (LIVE_<SOURCE>_ENABLED): scores come from the embedded data")


def _way(seen: locations.LiveTiming) -> str:
    if seen.way in _WENT_WRONG:
        raise NotWell(f"{seen.reason}; {'an old copy' if seen.way == 'stale_copy' else 'the embedded data'} stood in")
    return f"{seen.way}, {seen.ms:.0f} ms" + (f": {seen.reason}" if seen.reason else "")


@contextmanager
def _for_now() -> Iterator[None]:
    """What is analysed for a test is remembered in nobody's table, and live sources are asked, not copies of theirs."""
    sources = [each.removeprefix("live-").upper() for each in locations.live_namespaces()]
    changed = {"TABLE_PREFIX": "", **{f"LIVE_{each}_TTL_HOURS": "0" for each in sources}}
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            os.environ.update({} if value is None else {name: value})
