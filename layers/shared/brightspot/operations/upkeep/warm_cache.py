"""cache_warming: the values asked for most are made before somebody has to wait for them."""

from collections.abc import Mapping
from typing import Final

from brightspot.cache import KeptValue
from brightspot.core.settings import load
from brightspot.core.switches import Switches
from brightspot.operations.upkeep.work import Step, Work
from brightspot.operations.values import MOST_WARMED, kept_values, value_warming

_SOON_SECONDS: Final = 2 * 3600.0  # two runs of its schedule: one may be missed


def _popular(work: Work, _: str) -> str | None:
    """Make those anew that are not there or expire soon; one that cannot be made is counted, and keeps what it has.

    Whoever comes next begins with the most popular again, and finds good what was made.
    """
    if not load(Switches).warming:
        work.notes.append("warming is switched off (CACHE_WARMING_ENABLED=false)")
        return None
    tally, warming, kept = work.tally("popular_values"), value_warming(), kept_values()
    popular = warming.popular(MOST_WARMED)
    if not popular:
        work.notes.append("nobody has asked for a value yet, or there is no shared store that counts them")
    for key in popular:
        if work.late():
            tally.left = len(popular) - tally.looked_at
            return ""
        tally.looked_at += 1
        if not _due(kept.get(key)) or not warming.has_loader(key):
            continue
        made = None if work.dry_run else warming.renew(key)
        if made is None or made.status == "computed":
            tally.changed += 1
        else:
            tally.failed += 1
            work.notes.append(f"{key.partition(':')[2]}: {made.status} {made.detail}".strip())
    return None


def _due(found: KeptValue | None) -> bool:
    """Not there, or about to expire with most of its life behind it: what was just made is not made again."""
    return found is None or found.ttl_seconds <= min(_SOON_SECONDS, found.age_seconds)


STEPS: Final[Mapping[str, Step]] = {"popular_values": _popular}
